public import MartletHTTP
import MartletLogging
import MartletSessions

/// Gives each request the messages that wait for its client, and stores what is to be shown later.
///
/// ```swift
/// Messages()                                   // a cookie, and the session for what does not fit
/// Messages(store: CookieMessageStore())        // a cookie alone
/// Messages(level: .debug, tags: [.critical: "critical danger"])
/// ```
///
/// Nothing is written unless messages were added or read. A response that depends on them varies by cookie.
///
/// Source: Django's `django.contrib.messages.middleware.MessageMiddleware`.
public struct Messages: OrderedMiddleware {
    /// What does not fit into a cookie waits in the session.
    public static let order: [MiddlewareOrder] = [
        .inside(Sessions.self, because: "messages may wait in the session")
    ]

    private static let log = Logger("martlet.messages")

    /// Where messages wait.
    public let store: any MessageStore

    /// What is recorded unless a request changes it; Django's `MESSAGE_LEVEL`.
    public let level: MessageLevel

    /// The tags of the levels; Django's `MESSAGE_TAGS` with its own ones.
    public let tags: [MessageLevel: String]

    /// Makes the layer; inside `Sessions`, which stores what does not fit into the cookie.
    ///
    /// - Parameters:
    ///   - store: Where messages wait.
    ///   - level: What is recorded.
    ///   - tags: Tags of levels, in place of the standard ones or beside them.
    public init(
        store: any MessageStore = FallbackMessageStore(), level: MessageLevel = .info,
        tags: [MessageLevel: String] = [:]
    ) {
        self.store = store
        self.level = level
        self.tags = MessageLevel.standardTags.merging(tags) { $1 }
    }

    /// Answers the request, and stores its messages.
    ///
    /// - Throws: What the store throws.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        let stored = try await store.load(for: request)
        let messages = RequestMessages(stored.messages, level: level, tags: tags)
        var request = request
        request.storage[RequestMessagesKey.self] = messages
        var response = try await next(request)
        if messages.isAsked { response.headers.addVary(.cookie) }
        if let remaining = messages.toStore {
            let lost = try await store.save(remaining, replacing: stored, for: request, in: &response)
            // What a user was to be told must not vanish without a trace.
            if !lost.isEmpty { Self.log.warning("messages_lost", count: lost.count) }
        }
        return response
    }
}
