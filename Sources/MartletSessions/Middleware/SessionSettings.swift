public import MartletHTTP

/// How sessions are kept in cookies, and for how long.
public struct SessionSettings: Sendable {
    /// The cookie; value and lifetime are filled in. `sessionid`, not for scripts, `SameSite=Lax` unless told.
    public var cookie = Cookie("sessionid", "", isHTTPOnly: true, sameSite: .lax)

    /// How long sessions live.
    public var lifetime = SessionLifetime()

    /// Whether each request saves the session and renews the cookie, so that a session ends so long after the last
    /// request, and not after the last change.
    public var savesEveryRequest = false

    /// Makes Django's defaults.
    public init() {}
}
