/// The media types that a client accepts, with their weights.
///
/// Source: [RFC 9110 §12.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1).
public struct AcceptedTypes: Sendable {
    private struct Range {
        let type: Substring
        let subtype: Substring
        let parameters: [Substring]
        let quality: Double

        /// The more a range says, the more it counts: `text/html;level=1`, `text/html`, `text/*`, `*/*`.
        var precision: Int { type == "*" ? 0 : subtype == "*" ? 1 : 2 + parameters.count }
    }

    private let ranges: [Range]

    /// Whether the client says anything: if not, it accepts everything.
    private let isPresent: Bool

    /// Reads the values of `Accept` fields; a part that is malformed is passed over. Without any, all is accepted.
    init(fields: [String]) {
        isPresent = !fields.isEmpty
        let parts = fields.flatMap { $0.lowercased().split(at: ",") }
        ranges = parts.prefix(Self.limit).compactMap(Self.range)
    }

    /// No client lists more ranges than a few; the rest of a longer list is not read.
    private static let limit = 64

    /// The weight of a type, 0 (refused) to 1: that of the most precise range that has it.
    ///
    /// - Parameter type: Such as `application/json`; parameters count only where a range names them.
    public func quality(of type: MediaType) -> Double {
        guard isPresent else { return 1 }
        return range(for: type).map { ranges[$0].quality } ?? 0
    }

    /// The type that the client wants most; `nil` when it accepts none of them.
    ///
    /// Of types with one weight that counts which the client names more precisely, then which it names first, then
    /// which is offered first.
    ///
    /// - Parameter types: What there is, the best first.
    public func preferred(of types: [MediaType]) -> MediaType? {
        guard isPresent else { return types.first }
        var best: (type: MediaType, range: Int)?
        for type in types {
            guard let range = range(for: type), ranges[range].quality > 0 else { continue }
            if let best, !isWanted(range, more: best.range) { continue }
            best = (type, range)
        }
        return best?.type
    }

    private func isWanted(_ range: Int, more other: Int) -> Bool {
        let (left, right) = (ranges[range], ranges[other])
        return (left.quality, left.precision, -range) > (right.quality, right.precision, -other)
    }

    /// The place of the most precise range that has a type.
    private func range(for type: MediaType) -> Int? {
        let pieces = type.description.lowercased().split(separator: ";").map { $0.trimmingBlanks() }
        let names = (pieces.first ?? "").split(separator: "/")
        guard names.count == 2 else { return nil }
        let parameters = Set(pieces.dropFirst())
        let fitting = ranges.indices.filter { index in
            let range = ranges[index]
            return (range.type == "*" || range.type == names[0])
                && (range.subtype == "*" || range.subtype == names[1])
                && range.parameters.allSatisfy { parameters.contains(String($0)) }
        }
        return fitting.max {
            (ranges[$0].precision, ranges[$0].quality) < (ranges[$1].precision, ranges[$1].quality)
        }
    }

    /// Whether a type is accepted at all.
    public func contains(_ type: MediaType) -> Bool {
        quality(of: type) > 0
    }

    private static func range(_ text: Substring) -> Range? {
        let pieces = text.split(at: ";").map { $0.trimmingBlanks()[...] }
        guard let names = pieces.first?.split(at: "/", omittingEmptySubsequences: false),
            names.count == 2, !names[0].isEmpty, !names[1].isEmpty, names[0] != "*" || names[1] == "*"
        else { return nil }
        var quality = 1.0
        var parameters: [Substring] = []
        for piece in pieces.dropFirst() {
            if piece.hasPrefix("q=") {
                guard let value = Double(piece.dropFirst(2)), (0...1).contains(value) else { return nil }
                quality = value
                break
            }
            parameters.append(piece)
        }
        return Range(type: names[0], subtype: names[1], parameters: parameters, quality: quality)
    }
}

extension Request {
    /// The media types that the client accepts.
    public var accepted: AcceptedTypes { AcceptedTypes(fields: headers.values(.accept)) }

    /// Whether the client accepts a type at all.
    ///
    /// ```swift
    /// guard request.accepts(.json) else { throw HTTPError(.notAcceptable) }
    /// ```
    public func accepts(_ type: MediaType) -> Bool { accepted.contains(type) }

    /// The type that the client wants most of those there are; `nil` when it accepts none of them.
    ///
    /// ```swift
    /// switch request.preferred(of: [.html, .json]) { … }
    /// ```
    ///
    /// An answer that depends on it says so: `response.headers.addVary(.accept)`.
    ///
    /// - Parameter types: What there is, the best first; it is taken where the client does not mind.
    public func preferred(of types: [MediaType]) -> MediaType? { accepted.preferred(of: types) }

    /// Whether the client would rather have `type` than `other`; not so when it does not mind.
    ///
    /// ```swift
    /// if request.prefers(.json, over: .html) { … }
    /// ```
    public func prefers(_ type: MediaType, over other: MediaType) -> Bool {
        guard headers.contains(.accept) else { return false }
        let accepted = accepted
        return accepted.quality(of: type) > accepted.quality(of: other)
    }
}
