/// A media type, such as `text/html; charset=utf-8`.
///
/// Source: [RFC 9110 §8.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1).
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
    /// The type as it stands in `Content-Type`.
    public let description: String

    /// Makes a type.
    ///
    /// - Parameter description: As it stands in `Content-Type`, such as `text/csv; charset=utf-8`.
    /// - Returns: `nil` when there is no `type/subtype`, or a character that no field may have.
    public init?(_ description: String) {
        let names = description.prefix { $0 != ";" }.split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, names.map({ $0.trimmingBlanks() }).allSatisfy({ HeaderName($0) != nil }),
            description.utf8.allSatisfy({ $0.isFieldValueByte && $0 < 0x80 })
        else { return nil }
        self.description = description
    }

    /// Makes a type from a literal, without an optional.
    ///
    /// - Parameter literal: As ``init(_:)`` takes it. Another literal stops the program the first time it runs: it is a
    ///   mistake in the source, and no input can cause it.
    public init(literal: StaticString) {
        let type = MediaType(String(describing: literal))
        // A literal is fixed when the program is written, so this cannot depend on what a client sends.
        guard let type else { preconditionFailure("'\(literal)' is no media type. Write it as in 'text/csv'.") }
        self = type
    }

    /// Makes a type from a literal of the framework.
    package init(unchecked description: String) {
        self.description = description
    }

    /// `text/plain; charset=utf-8`
    public static let plainText = MediaType(unchecked: "text/plain; charset=utf-8")
    /// `text/html; charset=utf-8`
    public static let html = MediaType(unchecked: "text/html; charset=utf-8")
    /// `application/json`
    public static let json = MediaType(unchecked: "application/json")
    /// `application/x-www-form-urlencoded`
    public static let form = MediaType(unchecked: "application/x-www-form-urlencoded")
    /// `multipart/form-data`
    public static let multipartForm = MediaType(unchecked: "multipart/form-data")
    /// `application/octet-stream`
    public static let octetStream = MediaType(unchecked: "application/octet-stream")
}
