import MartletHTTP

/// The header fields that decide where a request ends and whether the connection stays: collected line by line,
/// because two proxies that read them differently can be made to see different requests (request smuggling).
///
/// Source: [RFC 9112 §6](https://www.rfc-editor.org/rfc/rfc9112#section-6).
struct FramingFields {
    private var hostCount = 0
    private var contentLength: Int?
    private var transferCodings: [String] = []
    private var closes = false
    private var asksToStay = false
    private(set) var expectsContinue = false

    /// Looks at one field.
    mutating func note(_ bytes: UnsafeRawBufferPointer, _ field: FieldLine) throws(ParseFailure) {
        let name = UnsafeRawBufferPointer(rebasing: bytes[field.name])
        // Few names have these lengths, so most fields cost one comparison.
        switch name.count {
        case 4 where Self.isName(name, "host"): try noteHost(bytes, field.value)
        case 6 where Self.isName(name, "expect"): try noteExpect(bytes, field.value)
        case 10 where Self.isName(name, "connection"): noteConnection(bytes, field.value)
        case 14 where Self.isName(name, "content-length"): try noteLength(bytes, field.value)
        case 17 where Self.isName(name, "transfer-encoding"): noteCodings(bytes, field.value)
        default: break
        }
    }

    /// Judges the fields together, when the head is complete.
    func check(isVersion10: Bool) throws(ParseFailure) {
        // RFC 9112 §3.2
        guard hostCount <= 1 else { throw .badRequest("The request has more than one Host field.") }
        guard hostCount == 1 || isVersion10 else { throw .badRequest("The request has no Host field.") }
        guard !transferCodings.isEmpty else { return }
        // RFC 9112 §6.1: with both, one of two parties along the way may believe the wrong one.
        guard contentLength == nil else {
            throw .badRequest("The request has both Content-Length and Transfer-Encoding.")
        }
        guard !isVersion10 else { throw .badRequest("HTTP/1.0 has no Transfer-Encoding.") }
        guard transferCodings.last == "chunked" else {
            throw .badRequest("The last Transfer-Encoding is not 'chunked', so the request has no end.")
        }
        guard transferCodings.count == 1 else {
            guard !transferCodings.dropLast().contains("chunked") else {
                throw .badRequest("The Transfer-Encoding 'chunked' is applied twice.")
            }
            guard !transferCodings.contains("") else {
                throw .badRequest("The Transfer-Encoding has an empty item.")
            }
            throw ParseFailure(.notImplemented, "The only Transfer-Encoding this server knows is 'chunked'.")
        }
    }

    /// Where the content ends.
    var framing: RequestHead.Framing {
        if !transferCodings.isEmpty { return .chunked }
        if let contentLength, contentLength > 0 { return .length(contentLength) }
        return .none
    }

    /// Whether the connection stays after the answer (RFC 9112 §9.3).
    func keepsAlive(isVersion10: Bool) -> Bool {
        !closes && (!isVersion10 || asksToStay)
    }

    private mutating func noteHost(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) throws(ParseFailure) {
        hostCount += 1
        guard HostRules.isLegal(UnsafeRawBufferPointer(rebasing: bytes[value])) else {
            throw .badRequest("The Host field is malformed.")
        }
    }

    private mutating func noteExpect(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) throws(ParseFailure) {
        guard Self.isName(UnsafeRawBufferPointer(rebasing: bytes[value]), "100-continue") else {
            throw ParseFailure(.expectationFailed, "The only expectation this server knows is '100-continue'.")
        }
        expectsContinue = true
    }

    private mutating func noteConnection(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) {
        for option in Self.list(bytes, value) {
            switch option {
            case "close": closes = true
            case "keep-alive": asksToStay = true
            default: break
            }
        }
    }

    /// RFC 9110 §8.6: digits; a repeated equal value is the same value.
    private mutating func noteLength(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) throws(ParseFailure) {
        for item in bytes[value].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let digits = Self.trimmed(item)
            guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw .badRequest("The Content-Length is not a number of bytes.")
            }
            guard let length = Self.number(digits) else {
                throw .badRequest("The Content-Length is too large to count.")
            }
            guard contentLength == nil || contentLength == length else {
                throw .badRequest("The request has two different Content-Length values.")
            }
            contentLength = length
        }
    }

    private mutating func noteCodings(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) {
        // Empty items stay, and are refused with the rest: `chunked,` is 'chunked' to some and unknown to others.
        transferCodings += Self.items(bytes, value)
    }

    private static func trimmed(_ item: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        guard let last = item.lastIndex(where: { !isBlank($0) }) else { return item[item.endIndex...] }
        return item[...last].drop(while: isBlank)
    }

    private static func number(_ digits: some Sequence<UInt8>) -> Int? {
        var result = 0
        for digit in digits {
            let (shifted, overflow) = result.multipliedReportingOverflow(by: 10)
            let (sum, carried) = shifted.addingReportingOverflow(Int(digit - 0x30))
            guard !overflow, !carried else { return nil }
            result = sum
        }
        return result
    }

    private static func list(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> [String] {
        items(bytes, value).filter { !$0.isEmpty }
    }

    /// What stands between commas, in lower case; at least one item.
    private static func items(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> [String] {
        bytes[value].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
            String(decoding: $0.map(\.lowercasedASCII), as: UTF8.self).trimmingBlanks()
        }
    }

    private static func isName(_ bytes: UnsafeRawBufferPointer, _ lowercase: StaticString) -> Bool {
        guard bytes.count == lowercase.utf8CodeUnitCount else { return false }
        for index in 0..<bytes.count where bytes[index].lowercasedASCII != lowercase.utf8Start[index] { return false }
        return true
    }
}
