public import MartletHTTP

/// Where sessions are kept, for how long, and by which cookie.
public struct SessionSettings: Sendable {
    /// Where they are kept.
    public var engine = SessionEngine.database

    /// The folder of ``SessionEngine/file``; `nil` for the system's temporary one.
    public var folder: String?

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
