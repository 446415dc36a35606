/// A way in which content is compressed on its way.
///
/// Source: [RFC 9110 §8.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1).
public struct ContentCoding: Sendable, Hashable, CustomStringConvertible {
    /// The name in lower case, as it stands in `Content-Encoding`.
    public let description: String

    /// Makes a coding from its registered name.
    ///
    /// - Returns: `nil` when the name is no token.
    public init?(_ name: String) {
        guard HeaderName(name) != nil else { return nil }
        description = name.lowercased()
    }

    private init(unchecked name: String) {
        description = name
    }

    /// Not compressed.
    public static let identity = ContentCoding(unchecked: "identity")
    /// gzip (RFC 1952).
    public static let gzip = ContentCoding(unchecked: "gzip")
    /// zlib's format (RFC 1950), whatever the name says.
    public static let deflate = ContentCoding(unchecked: "deflate")
    /// Brotli (RFC 7932).
    public static let brotli = ContentCoding(unchecked: "br")
}

/// The content codings that a client accepts, with their weights.
///
/// Source: [RFC 9110 §12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3).
public struct AcceptedCodings: Sendable {
    private let weights: [(name: String, quality: Double)]
    private let isPresent: Bool

    /// No client lists more codings than a few; the rest of a longer list is not read.
    private static let limit = 64

    /// Reads the values of `Accept-Encoding` fields; a part that is malformed is passed over.
    init(fields: [String]) {
        isPresent = !fields.isEmpty
        weights = fields.flatMap { $0.lowercased().split(at: ",") }.prefix(Self.limit).compactMap(Self.weight)
    }

    /// The weight of a coding, 0 (refused) to 1; `nil` for one about which nothing is said.
    public func quality(of coding: ContentCoding) -> Double? {
        let named = weights.first { $0.name == coding.description } ?? weights.first { $0.name == "*" }
        return named?.quality
    }

    /// The coding to send: that with the highest weight, the first of equal ones; ``ContentCoding/identity`` when none of
    /// them is accepted, or the client would rather have that.
    ///
    /// A client that says nothing gets `identity`: it may accept anything, but those that decode say so.
    ///
    /// - Parameter codings: What there is beside `identity`, the best first.
    public func best(among codings: [ContentCoding]) -> ContentCoding {
        guard isPresent else { return .identity }
        // Nothing said about it: it is accepted, and everything that is listed is wanted more.
        let plain = quality(of: .identity) ?? 0
        var best = (coding: ContentCoding.identity, quality: 0.0)
        for coding in codings {
            guard let quality = quality(of: coding), quality > best.quality, quality >= plain else { continue }
            best = (coding, quality)
        }
        return best.coding
    }

    private static func weight(_ text: Substring) -> (name: String, quality: Double)? {
        let pieces = text.split(at: ";", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
        guard let name = pieces.first, !name.isEmpty else { return nil }
        // An old name for the same thing (RFC 9110 §8.4.1.3).
        let coding = name == "x-gzip" ? "gzip" : name
        guard pieces.count > 1 else { return (coding, 1) }
        guard pieces[1].hasPrefix("q="), let quality = Double(pieces[1].dropFirst(2)), (0...1).contains(quality) else {
            return nil
        }
        return (coding, quality)
    }
}

extension Request {
    /// The content codings that the client accepts.
    ///
    /// An answer that depends on them says so: `response.headers.addVary(.acceptEncoding)`.
    public var acceptedCodings: AcceptedCodings { AcceptedCodings(fields: headers.values(.acceptEncoding)) }
}
