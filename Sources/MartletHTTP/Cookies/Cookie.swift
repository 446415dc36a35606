public import FoundationEssentials

/// A cookie to be set by a response.
///
/// ```swift
/// try response.setCookie(Cookie("theme", "dark", maxAge: .seconds(31_536_000), sameSite: .lax))
/// ```
///
/// Source: [RFC 6265 §4.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.1), with the prefixes and `SameSite` of
/// [RFC 6265bis](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis).
public struct Cookie: Sendable, Hashable {
    /// Whether other sites' requests carry the cookie.
    public struct SameSite: Sendable, Hashable {
        let text: String

        /// Requests from this site, and navigation to it.
        public static let lax = SameSite(text: "Lax")
        /// Requests from this site only.
        public static let strict = SameSite(text: "Strict")
        /// All requests; needs ``Cookie/isSecure``.
        public static let none = SameSite(text: "None")
    }

    /// The name: a token.
    public var name: String
    /// The value; characters that a cookie may not have are quoted as Django quotes them.
    public var value: String
    /// How long the cookie is kept, in whole seconds; `nil` for a cookie that ends with the browser.
    public var maxAge: Duration?
    /// When the cookie ends; ``maxAge`` is better, since it does not depend on the client's clock.
    public var expires: Date?
    /// The path below which the cookie is sent.
    public var path: String
    /// The domain whose hosts get the cookie; `nil` for this host only.
    public var domain: String?
    /// Whether the cookie is sent over HTTPS only.
    public var isSecure: Bool
    /// Whether scripts cannot read the cookie.
    public var isHTTPOnly: Bool
    /// Whether other sites' requests carry the cookie; `nil` leaves it to the browser.
    public var sameSite: SameSite?
    /// Whether the cookie is kept apart for each top-level site (CHIPS); needs ``isSecure``.
    public var isPartitioned: Bool

    /// Makes a cookie for the whole site.
    public init(
        _ name: String,
        _ value: String,
        maxAge: Duration? = nil,
        expires: Date? = nil,
        path: String = "/",
        domain: String? = nil,
        isSecure: Bool = false,
        isHTTPOnly: Bool = false,
        sameSite: SameSite? = nil,
        isPartitioned: Bool = false
    ) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.expires = expires
        self.path = path
        self.domain = domain
        self.isSecure = isSecure
        self.isHTTPOnly = isHTTPOnly
        self.sameSite = sameSite
        self.isPartitioned = isPartitioned
    }

    /// The value of the `Set-Cookie` field.
    ///
    /// - Throws: ``CookieError`` when a browser would refuse the cookie, or read it as another.
    func fieldValue() throws(CookieError) -> String {
        try validate()
        var text = "\(name)=\(CookieQuoting.quote(value))"
        if let domain { text += "; Domain=\(domain)" }
        if let expires { text += "; expires=\(expires.httpDate)" }
        if isHTTPOnly { text += "; HttpOnly" }
        if let maxAge { text += "; Max-Age=\(max(0, maxAge.components.seconds))" }
        text += "; Path=\(path)"
        if let sameSite { text += "; SameSite=\(sameSite.text)" }
        if isSecure { text += "; Secure" }
        if isPartitioned { text += "; Partitioned" }
        return text
    }

    private func validate() throws(CookieError) {
        func require(_ condition: Bool, _ problem: String, _ remedy: String) throws(CookieError) {
            if !condition { throw CookieError(name: name, problem: problem, remedy: remedy) }
        }
        try require(HeaderName(name) != nil, "has a name that is no token", "Use letters, digits, '-' and '_'.")
        try require(value.utf8.count <= 4_096, "is longer than 4096 bytes", "Keep the data in a session.")
        try require(path.isCookieAttribute, "has a path with ';' or a control character", "Percent-encode the path.")
        try require(domain?.isCookieAttribute ?? true, "has a domain with ';' or a control character", "Check it.")
        try require(isSecure || sameSite != SameSite.none, "is SameSite=None but not secure", "Set isSecure.")
        try require(isSecure || !isPartitioned, "is partitioned but not secure", "Set isSecure.")
        if name.hasPrefix("__Secure-") || name.hasPrefix("__Host-") {
            try require(isSecure, "has a prefix that only secure cookies may have", "Set isSecure.")
        }
        if name.hasPrefix("__Host-") {
            try require(domain == nil && path == "/", "is a __Host- cookie", "Leave out the domain; the path is '/'.")
        }
    }
}

/// Why a cookie cannot be set.
public struct CookieError: Error, Sendable, CustomStringConvertible {
    /// The cookie's name.
    public let name: String
    private let problem: String
    private let remedy: String

    fileprivate init(name: String, problem: String, remedy: String) {
        self.name = name
        self.problem = problem
        self.remedy = remedy
    }

    /// What was wrong, and what to do.
    public var description: String {
        "The cookie \(name.debugDescription) \(problem), so browsers would refuse it. \(remedy)"
    }
}

extension String {
    fileprivate var isCookieAttribute: Bool {
        utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: ";") }
    }
}

extension Response {
    /// Sets a cookie; one of the same name that this response sets already is replaced.
    ///
    /// - Throws: ``CookieError`` when a browser would refuse the cookie, or read it as another.
    public mutating func setCookie(_ cookie: Cookie) throws(CookieError) {
        let field = try cookie.fieldValue()
        let others = headers.values(.setCookie).filter { !$0.hasPrefix(cookie.name + "=") }
        headers.remove(.setCookie)
        for other in others { headers.addUnchecked(.setCookie, other) }
        headers.addUnchecked(.setCookie, field)
    }

    /// Makes the browser forget a cookie; path, domain and partition must be those it was set with.
    ///
    /// - Throws: ``CookieError`` when the name, path or domain cannot be a cookie's.
    public mutating func deleteCookie(
        _ name: String, path: String = "/", domain: String? = nil, sameSite: Cookie.SameSite? = nil,
        isPartitioned: Bool = false
    ) throws(CookieError) {
        // Browsers pass over a change of such cookies that does not say Secure.
        let isSecure =
            name.hasPrefix("__Secure-") || name.hasPrefix("__Host-") || sameSite == Cookie.SameSite.none
            || isPartitioned
        try setCookie(
            Cookie(
                name, "", maxAge: .zero, expires: Date(timeIntervalSince1970: 0), path: path, domain: domain,
                isSecure: isSecure, sameSite: sameSite, isPartitioned: isPartitioned))
    }
}
