public import FoundationEssentials
public import MartletSigning

extension Request {
    /// The value of a cookie that ``Response/setSignedCookie(_:salt:keys:at:)`` or Django has signed; `nil` when the
    /// client has sent none.
    ///
    /// ```swift
    /// let theme = try request.signedCookie("theme") ?? "light"     // 400 for a forged one
    /// let theme = (try? request.signedCookie("theme")) ?? "light"  // a forged one counts for nothing
    /// ```
    ///
    /// - Parameters:
    ///   - name: The cookie's name.
    ///   - salt: What it was signed with.
    ///   - maxAge: How old the signature may be; any age unless told. What a browser keeps longer than its `Max-Age` is
    ///     refused only by this.
    ///   - keys: The keys; those of the site unless told.
    ///   - now: The time that the age is counted to.
    /// - Throws: `BadSignature`, which becomes a 400 that names the cookie; `SigningError` outside of a site.
    ///
    /// Source: Django, [`get_signed_cookie`](https://docs.djangoproject.com/en/5.2/ref/request-response/#django.http.HttpRequest.get_signed_cookie).
    public func signedCookie(
        _ name: String, salt: String = "", maxAge: Duration? = nil, keys: SigningKeys? = nil, at now: Date = .now
    ) throws -> String? {
        guard let signed = cookies[name] else { return nil }
        do {
            return try CookieSigner(name, salt: salt, keys: keys).unsign(signed, maxAge: maxAge, at: now)
        } catch let error as BadSignature {
            throw error.named("The cookie '\(name)'")
        }
    }
}

extension Response {
    /// Sets a cookie whose value is signed, so that the client can read it and not change it.
    ///
    /// ```swift
    /// try response.setSignedCookie(Cookie("theme", "dark", maxAge: .seconds(31_536_000), sameSite: .lax))
    /// ```
    ///
    /// The signature holds for this name only.
    ///
    /// - Parameters:
    ///   - cookie: The cookie, with the value that is to be signed.
    ///   - salt: What else sets it apart.
    ///   - keys: The keys; those of the site unless told.
    ///   - now: The time to sign.
    /// - Throws: ``CookieError`` when a browser would refuse the cookie; `SigningError` outside of a site.
    ///
    /// Source: Django, [`set_signed_cookie`](https://docs.djangoproject.com/en/5.2/ref/request-response/#django.http.HttpResponse.set_signed_cookie).
    public mutating func setSignedCookie(
        _ cookie: Cookie, salt: String = "", keys: SigningKeys? = nil, at now: Date = .now
    ) throws {
        var cookie = cookie
        cookie.value = try CookieSigner(cookie.name, salt: salt, keys: keys).sign(cookie.value, at: now)
        try setCookie(cookie)
    }
}
