/// The name of a header field, compared without regard to case.
///
/// Source: [RFC 9110 §5.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.1).
public struct HeaderName: Sendable, Hashable, CustomStringConvertible {
    /// The name as it is written to the wire.
    public let rawName: String

    /// The name in lower case, by which names are compared.
    public let canonicalName: String

    /// Makes a name.
    ///
    /// - Parameter name: A token, such as `X-Request-ID`.
    /// - Returns: `nil` when `name` is empty or has a byte that a field name may not have.
    public init?(_ name: String) {
        var name = name
        guard !name.isEmpty, name.withUTF8({ $0.allSatisfy(\.isTokenByte) }) else { return nil }
        self.init(unchecked: name)
    }

    /// Makes a name that is known to be a token: a literal of the framework, or bytes the parser has checked.
    package init(unchecked name: String) {
        var name = name
        rawName = name
        canonicalName = name.withUTF8 { $0.contains { (0x41...0x5A).contains($0) } } ? name.lowercased() : name
    }

    /// Two names are the same when they differ in case only.
    public static func == (left: HeaderName, right: HeaderName) -> Bool {
        left.canonicalName == right.canonicalName
    }

    /// Hashes the lower-case name.
    public func hash(into hasher: inout Hasher) { hasher.combine(canonicalName) }

    /// The name as it is written to the wire.
    public var description: String { rawName }
}

extension UInt8 {
    /// Whether the byte may stand in a token: a method or a field name.
    ///
    /// Source: [RFC 9110 §5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
    package var isTokenByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    /// Whether the byte may stand in a field value: anything but a control character; a tab is allowed.
    ///
    /// Source: [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5).
    package var isFieldValueByte: Bool {
        self >= 0x20 && self != 0x7F || self == 0x09
    }
}

extension HeaderName {
    /// `Accept`
    public static let accept = HeaderName(unchecked: "Accept")
    /// `Accept-Encoding`
    public static let acceptEncoding = HeaderName(unchecked: "Accept-Encoding")
    /// `Accept-Language`
    public static let acceptLanguage = HeaderName(unchecked: "Accept-Language")
    /// `Accept-Ranges`
    public static let acceptRanges = HeaderName(unchecked: "Accept-Ranges")
    /// `Allow`
    public static let allow = HeaderName(unchecked: "Allow")
    /// `Authorization`
    public static let authorization = HeaderName(unchecked: "Authorization")
    /// `Cache-Control`
    public static let cacheControl = HeaderName(unchecked: "Cache-Control")
    /// `Connection`
    public static let connection = HeaderName(unchecked: "Connection")
    /// `Content-Disposition`
    public static let contentDisposition = HeaderName(unchecked: "Content-Disposition")
    /// `Content-Encoding`
    public static let contentEncoding = HeaderName(unchecked: "Content-Encoding")
    /// `Content-Language`
    public static let contentLanguage = HeaderName(unchecked: "Content-Language")
    /// `Content-Length`
    public static let contentLength = HeaderName(unchecked: "Content-Length")
    /// `Content-Range`
    public static let contentRange = HeaderName(unchecked: "Content-Range")
    /// `Content-Security-Policy`
    public static let contentSecurityPolicy = HeaderName(unchecked: "Content-Security-Policy")
    /// `Content-Transfer-Encoding`, in the parts of a form
    public static let contentTransferEncoding = HeaderName(unchecked: "Content-Transfer-Encoding")
    /// `Content-Type`
    public static let contentType = HeaderName(unchecked: "Content-Type")
    /// `Cookie`
    public static let cookie = HeaderName(unchecked: "Cookie")
    /// `Date`
    public static let date = HeaderName(unchecked: "Date")
    /// `ETag`
    public static let eTag = HeaderName(unchecked: "ETag")
    /// `Expect`
    public static let expect = HeaderName(unchecked: "Expect")
    /// `Expires`
    public static let expires = HeaderName(unchecked: "Expires")
    /// `Forwarded`
    public static let forwarded = HeaderName(unchecked: "Forwarded")
    /// `Host`
    public static let host = HeaderName(unchecked: "Host")
    /// `If-Match`
    public static let ifMatch = HeaderName(unchecked: "If-Match")
    /// `If-Modified-Since`
    public static let ifModifiedSince = HeaderName(unchecked: "If-Modified-Since")
    /// `If-None-Match`
    public static let ifNoneMatch = HeaderName(unchecked: "If-None-Match")
    /// `If-Range`
    public static let ifRange = HeaderName(unchecked: "If-Range")
    /// `If-Unmodified-Since`
    public static let ifUnmodifiedSince = HeaderName(unchecked: "If-Unmodified-Since")
    /// `Last-Modified`
    public static let lastModified = HeaderName(unchecked: "Last-Modified")
    /// `Location`
    public static let location = HeaderName(unchecked: "Location")
    /// `Origin`
    public static let origin = HeaderName(unchecked: "Origin")
    /// `Range`
    public static let range = HeaderName(unchecked: "Range")
    /// `Referer`
    public static let referer = HeaderName(unchecked: "Referer")
    /// `Retry-After`
    public static let retryAfter = HeaderName(unchecked: "Retry-After")
    /// `Server`
    public static let server = HeaderName(unchecked: "Server")
    /// `Set-Cookie`
    public static let setCookie = HeaderName(unchecked: "Set-Cookie")
    /// `Transfer-Encoding`
    public static let transferEncoding = HeaderName(unchecked: "Transfer-Encoding")
    /// `Upgrade`
    public static let upgrade = HeaderName(unchecked: "Upgrade")
    /// `User-Agent`
    public static let userAgent = HeaderName(unchecked: "User-Agent")
    /// `Vary`
    public static let vary = HeaderName(unchecked: "Vary")
    /// `WWW-Authenticate`
    public static let wwwAuthenticate = HeaderName(unchecked: "WWW-Authenticate")
    /// `X-Forwarded-For`
    public static let xForwardedFor = HeaderName(unchecked: "X-Forwarded-For")
    /// `X-Forwarded-Host`
    public static let xForwardedHost = HeaderName(unchecked: "X-Forwarded-Host")
    /// `X-Forwarded-Proto`
    public static let xForwardedProto = HeaderName(unchecked: "X-Forwarded-Proto")
    /// `X-Request-ID`
    public static let xRequestID = HeaderName(unchecked: "X-Request-ID")
}
