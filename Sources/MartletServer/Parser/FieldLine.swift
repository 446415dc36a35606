import MartletHTTP

/// One header line: where its name and its value lie.
///
/// Source: [RFC 9112 §5](https://www.rfc-editor.org/rfc/rfc9112#section-5).
struct FieldLine {
    let name: Range<Int>
    let value: Range<Int>

    private static let colon = UInt8(ascii: ":")

    /// Reads the line that lies in `line`, without its CR LF.
    init(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(ParseFailure) {
        var end = line.lowerBound
        while end < line.upperBound, bytes[end].isTokenByte { end += 1 }
        guard end < line.upperBound, bytes[end] == Self.colon, end > line.lowerBound else {
            throw Self.failure(bytes, line, end)
        }
        var start = end + 1
        var last = line.upperBound
        while start < last, Self.isBlank(bytes[start]) { start += 1 }
        while last > start, Self.isBlank(bytes[last - 1]) { last -= 1 }
        for index in start..<last where !bytes[index].isFieldValueByte {
            throw .badRequest("A header value has a control character.")
        }
        name = line.lowerBound..<end
        value = start..<last
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func failure(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>, _ end: Int) -> ParseFailure {
        if isBlank(bytes[line.lowerBound]) {
            return .badRequest("A header line begins with a blank (obsolete line folding).")
        }
        if end < line.upperBound, isBlank(bytes[end]) {
            return .badRequest("A header name is followed by a blank instead of ':'.")
        }
        return .badRequest("A header line is not 'Name: value'.")
    }
}
