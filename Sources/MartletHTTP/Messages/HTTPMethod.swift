/// A request method.
///
/// A struct, not an enum: the set is open, and a method that is not listed here is still a method.
///
/// Source: [RFC 9110 §9](https://www.rfc-editor.org/rfc/rfc9110#section-9).
public struct HTTPMethod: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    /// The method as it stands on the request line; methods are case-sensitive.
    public let rawValue: String

    /// Makes a method from its token.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// `GET`: read a resource.
    public static let get = HTTPMethod(rawValue: "GET")
    /// `HEAD`: as `GET`, without the content.
    public static let head = HTTPMethod(rawValue: "HEAD")
    /// `POST`: let the resource process the content.
    public static let post = HTTPMethod(rawValue: "POST")
    /// `PUT`: replace the resource.
    public static let put = HTTPMethod(rawValue: "PUT")
    /// `PATCH`: change a part of the resource (RFC 5789).
    public static let patch = HTTPMethod(rawValue: "PATCH")
    /// `DELETE`: remove the resource.
    public static let delete = HTTPMethod(rawValue: "DELETE")
    /// `OPTIONS`: ask what the resource allows.
    public static let options = HTTPMethod(rawValue: "OPTIONS")
    /// `TRACE`: echo the request.
    public static let trace = HTTPMethod(rawValue: "TRACE")
    /// `CONNECT`: open a tunnel.
    public static let connect = HTTPMethod(rawValue: "CONNECT")

    /// Whether the method only reads (RFC 9110 §9.2.1); such requests need no CSRF token.
    public var isSafe: Bool {
        self == .get || self == .head || self == .options || self == .trace
    }

    /// The method's token.
    public var description: String { rawValue }
}
