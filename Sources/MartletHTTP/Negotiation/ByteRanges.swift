/// Which part of some content a `Range` field asks for.
///
/// Source: [RFC 9110 §14](https://www.rfc-editor.org/rfc/rfc9110#section-14).
public enum ByteRanges: Sendable, Hashable {
    /// All of it: there is no `Range`, or one that does not count.
    case whole
    /// These parts, in the order they were asked for; none overlaps or touches another. The answer is 206.
    case parts([Range<Int>])
    /// No byte of what is asked for exists: the answer is 416.
    case unsatisfiable

    /// The most ranges that one field may name; a field with more does not count, and the whole is sent.
    ///
    /// Each part costs a head of its own, and a field of 8 KB could name thousands of them.
    public static let limit = 32

    /// Reads a field such as `bytes=0-499, -500`.
    ///
    /// Another unit and a malformed field do not count. Ranges that overlap or touch each other are put together, so that
    /// no byte is sent twice. Empty content is always sent whole.
    ///
    /// - Parameters:
    ///   - field: The value of `Range`.
    ///   - length: The length of the whole content in bytes.
    public init(_ field: String, of length: Int) {
        guard length > 0, let specifications = Self.specifications(field) else {
            self = .whole
            return
        }
        let ranges = specifications.compactMap { $0.range(in: length) }
        self = ranges.isEmpty ? .unsatisfiable : .parts(Self.joined(ranges))
    }

    private enum Specification {
        case from(Int, through: Int?)
        case last(Int)

        func range(in length: Int) -> Range<Int>? {
            switch self {
            case .from(let first, let last):
                guard first < length else { return nil }
                return first..<(min(last ?? length, length - 1) + 1)
            case .last(let count):
                return count > 0 ? max(0, length - count)..<length : nil
            }
        }
    }

    /// The ranges as they are written; `nil` when the field does not count.
    private static func specifications(_ field: String) -> [Specification]? {
        guard let equals = field.utf8.firstIndex(of: UInt8(ascii: "=")),
            field[..<equals].lowercased() == "bytes"
        else { return nil }
        let list = field[field.utf8.index(after: equals)...]
        var found: [Specification] = []
        for element in list.split(at: ",", maxSplits: limit, omittingEmptySubsequences: false) {
            let text = element.trimmingBlanks()
            // A list may have empty elements (RFC 9110 §5.6.1).
            if text.isEmpty { continue }
            guard found.count < limit, let specification = specification(text) else { return nil }
            found.append(specification)
        }
        return found.isEmpty ? nil : found
    }

    private static func specification(_ text: String) -> Specification? {
        let ends = text.utf8.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        switch (ends[0].isEmpty, ends[1].isEmpty) {
        case (true, true):
            return nil
        case (true, false):
            return number(ends[1]).map(Specification.last)
        case (false, true):
            return number(ends[0]).map { .from($0, through: nil) }
        case (false, false):
            guard let first = number(ends[0]), let last = number(ends[1]), first <= last else { return nil }
            return .from(first, through: last)
        }
    }

    /// A number of any length: one that is too large for the machine is beyond every content.
    private static func number(_ digits: Substring.UTF8View) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (tenfold, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tenfold.addingReportingOverflow(Int(digit - 0x30))
            value = overflows || overflowsToo ? Int.max : sum
        }
        return value
    }

    /// Puts ranges together that overlap or touch each other; each stands where the first of them was asked for.
    private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        guard ranges.count > 1 else { return ranges }
        var groups: [(range: Range<Int>, place: Int)] = []
        for (place, range) in ranges.enumerated().sorted(by: { $0.element.lowerBound < $1.element.lowerBound }) {
            guard let last = groups.last, range.lowerBound <= last.range.upperBound else {
                groups.append((range, place))
                continue
            }
            let union = last.range.lowerBound..<max(last.range.upperBound, range.upperBound)
            groups[groups.count - 1] = (union, min(last.place, place))
        }
        return groups.sorted { $0.place < $1.place }.map(\.range)
    }
}

extension Request {
    /// Which part of some content this request asks for, by `Range` and `If-Range`; all of it for another method than
    /// `GET`.
    ///
    /// Ask after ``preconditionOutcome(for:)``, and tell with the answer `Accept-Ranges: bytes`.
    ///
    /// - Parameters:
    ///   - length: The length of the whole content in bytes.
    ///   - validators: Those of the content, for `If-Range`.
    ///
    /// Source: [RFC 9110 §14.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.2).
    public func byteRanges(of length: Int, validators: Validators) -> ByteRanges {
        guard method == .get, headers.contains(.range) else { return .whole }
        let fields = headers.values(.range)
        guard fields.count == 1, allowsParts(of: validators) else { return .whole }
        return ByteRanges(fields[0], of: length)
    }
}
