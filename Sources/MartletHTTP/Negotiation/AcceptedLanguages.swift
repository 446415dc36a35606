/// The languages that a client asks for, the most wanted first.
///
/// ```swift
/// request.acceptedLanguages.ranges.map(\.code)   // ["de-at", "de", "en"] of "de-AT, en;q=0.5, de;q=0.8"
/// ```
///
/// As in Django, one malformed part makes the whole field worthless, and of a field beyond 500 bytes the whole parts
/// within them are read.
///
/// Source: [RFC 9110 §12.5.4](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4); Django's
/// `parse_accept_lang_header`.
public struct AcceptedLanguages: Sendable, Hashable {
    /// A language with its weight.
    public struct Range: Sendable, Hashable {
        /// The language's code in lower case, such as `de-at`; `*` for any other.
        public let code: String
        /// From 0, not wanted at all, to 1.
        public let quality: Double
    }

    /// What is asked for, the highest weight first; of equal ones the first first.
    public let ranges: [Range]

    /// The most bytes that are read.
    private static let limit = 500

    /// Reads the values of `Accept-Language` fields.
    init(fields: [String]) {
        guard !fields.isEmpty, let ranges = Self.parse(fields.joined(separator: ",")) else {
            self.ranges = []
            return
        }
        let sorted = ranges.enumerated().sorted {
            ($1.element.quality, $0.offset) < ($0.element.quality, $1.offset)
        }
        self.ranges = sorted.map(\.element)
    }

    /// The parts in their order; `nil` when one is malformed.
    private static func parse(_ text: String) -> [Range]? {
        var bytes = Array(text.utf8.prefix(limit + 1))[...]
        if bytes.count > limit {
            guard let comma = bytes.prefix(limit).lastIndex(of: UInt8(ascii: ",")) else { return nil }
            bytes = bytes[..<comma]
        }
        var ranges: [Range] = []
        var reader = RangeReader(rest: bytes)
        while !reader.rest.isEmpty {
            guard let range = reader.next() else { return nil }
            ranges.append(range)
        }
        return ranges
    }
}

/// Reads one part of the field after the other.
private struct RangeReader {
    var rest: ArraySlice<UInt8>

    /// The next part with the comma behind it; `nil` where there is none.
    mutating func next() -> AcceptedLanguages.Range? {
        guard let code = code() else { return nil }
        skipBlanks()
        var quality = 1.0
        if take(UInt8(ascii: ";")) {
            guard let weight = weight() else { return nil }
            quality = weight
            skipBlanks()
        }
        guard rest.isEmpty || take(UInt8(ascii: ",")) else { return nil }
        skipBlanks()
        return AcceptedLanguages.Range(code: code, quality: quality)
    }

    /// `*`, or subtags of at most eight letters or digits with `-` between them; the first has letters only.
    private mutating func code() -> String? {
        if take(UInt8(ascii: "*")) { return "*" }
        let whole = rest
        guard subtag(\.isASCIILetter) else { return nil }
        while take(UInt8(ascii: "-")) {
            guard subtag(\.isASCIILetterOrDigit) else { return nil }
        }
        return String(decoding: whole[..<rest.startIndex], as: UTF8.self).lowercased()
    }

    private mutating func subtag(_ isPart: (UInt8) -> Bool) -> Bool {
        let part = rest.prefix(while: isPart)
        rest = rest[part.endIndex...]
        return (1...8).contains(part.count)
    }

    /// `q=` and a number from 0 to 1 with at most three digits behind its point.
    private mutating func weight() -> Double? {
        skipBlanks()
        guard take(UInt8(ascii: "q")) || take(UInt8(ascii: "Q")), take(UInt8(ascii: "=")) else { return nil }
        let isOne = rest.first == UInt8(ascii: "1")
        guard take(UInt8(ascii: "0")) || take(UInt8(ascii: "1")) else { return nil }
        guard take(UInt8(ascii: ".")) else { return isOne ? 1 : 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest[digits.endIndex...]
        guard digits.count <= 3, !isOne || digits.allSatisfy({ $0 == 0x30 }) else { return nil }
        let thousandths = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } * [1_000, 100, 10, 1][digits.count]
        return isOne ? 1 : Double(thousandths) / 1_000
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    }
}

extension UInt8 {
    fileprivate var isASCIILetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    fileprivate var isASCIILetterOrDigit: Bool { isASCIILetter || (0x30...0x39).contains(self) }
}

extension Request {
    /// The languages that the client asks for.
    ///
    /// Which of a site's languages that means, ``language(among:cookie:)`` finds out.
    public var acceptedLanguages: AcceptedLanguages { AcceptedLanguages(fields: headers.values(.acceptLanguage)) }
}
