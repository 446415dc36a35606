import MartletHTTP
import MartletMessages
import MartletSessions

extension Messages {
    /// The layer as the settings say: its cookie has the attributes of the session's, as in Django.
    init(_ settings: Settings) {
        let session = settings.sessions.cookie
        let cookie = Cookie(
            "messages", "", domain: session.domain, isSecure: session.isSecure, isHTTPOnly: session.isHTTPOnly,
            sameSite: session.sameSite)
        self.init(store: FallbackMessageStore(cookie: CookieMessageStore(cookie: cookie)))
    }
}
