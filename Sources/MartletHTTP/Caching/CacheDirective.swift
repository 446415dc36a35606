/// One directive of `Cache-Control`: who may keep an answer, and for how long.
///
/// ```swift
/// response.patchCacheControl(.public, .maxAge(.seconds(300)))
/// ```
///
/// Source: [RFC 9111 §5.2.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2).
public struct CacheDirective: Sendable, Hashable, CustomStringConvertible {
    /// The name, in lower case.
    public let name: String
    /// What follows the equals sign.
    public let value: String?

    init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }

    /// Any directive.
    ///
    /// - Throws: ``HeaderError/illegalName(_:)`` for a name that is no token, ``HeaderError/illegalValue(name:)`` for a
    ///   value with a control character or a comma outside of quotes.
    public init(custom name: String, _ value: String? = nil) throws(HeaderError) {
        guard HeaderName(name) != nil else { throw .illegalName(name) }
        if let value {
            let isQuoted = value.utf8.count > 1 && value.hasPrefix("\"") && value.hasSuffix("\"")
            let isLegal = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && (isQuoted || $0 != 0x2C) }
            guard isLegal else { throw .illegalValue(name: .cacheControl) }
        }
        self.init(name.lowercased(), value)
    }

    /// As it stands in the field.
    public var description: String { value.map { "\(name)=\($0)" } ?? name }

    /// Anybody may keep it, even where the request was authorised.
    public static let `public` = CacheDirective("public")
    /// Only the client itself may keep it.
    public static let `private` = CacheDirective("private")
    /// It may be kept, but the server is asked each time whether it is still good.
    public static let noCache = CacheDirective("no-cache")
    /// Nobody may keep it.
    public static let noStore = CacheDirective("no-store")
    /// Once it is out of date it is not used any more, even when the server cannot be asked.
    public static let mustRevalidate = CacheDirective("must-revalidate")
    /// The same for caches on the way.
    public static let proxyRevalidate = CacheDirective("proxy-revalidate")
    /// Nobody on the way may change the content.
    public static let noTransform = CacheDirective("no-transform")
    /// It never changes while it is good.
    public static let immutable = CacheDirective("immutable")

    /// How long it is good, in whole seconds, not less than 0.
    public static func maxAge(_ age: Duration) -> CacheDirective { CacheDirective("max-age", seconds(age)) }
    /// The same for caches on the way.
    public static func sharedMaxAge(_ age: Duration) -> CacheDirective { CacheDirective("s-maxage", seconds(age)) }
    /// How long it is handed out while a new one is fetched. Source: [RFC 5861](https://www.rfc-editor.org/rfc/rfc5861).
    public static func staleWhileRevalidate(_ age: Duration) -> CacheDirective {
        CacheDirective("stale-while-revalidate", seconds(age))
    }
    /// How long it is handed out while the server fails. Source: RFC 5861.
    public static func staleIfError(_ age: Duration) -> CacheDirective {
        CacheDirective("stale-if-error", seconds(age))
    }

    private static func seconds(_ age: Duration) -> String { String(max(0, age.components.seconds)) }
}
