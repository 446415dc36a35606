/// A media type, such as `text/html; charset=utf-8`.
///
/// Source: [RFC 9110 §8.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1).
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
    /// The type as it stands in `Content-Type`.
    public let description: String

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
