public import MartletHTTP
import MartletSessions

/// Keeps messages in a cookie, and in the session those for which it has no room: Django's default.
///
/// The session is not touched as long as the cookie suffices. Without the `Sessions` layer the oldest messages are lost
/// instead.
public struct FallbackMessageStore: MessageStore {
    private let cookie: CookieMessageStore
    private let session = SessionMessageStore()

    /// Makes a store.
    ///
    /// - Parameter cookie: The store that comes first.
    public init(cookie: CookieMessageStore = CookieMessageStore()) { self.cookie = cookie }

    /// The messages of the cookie, and those of the session where the cookie says that there are more.
    ///
    /// - Throws: `SigningError` without keys; what the session's store throws.
    public func load(for request: Request) async throws -> StoredMessages {
        var stored = try cookie.load(for: request)
        guard !stored.isComplete, request.sessionIfAny != nil else { return stored }
        let rest = try await session.load(for: request)
        stored.messages += rest.messages
        stored.isInSession = rest.isInSession
        return stored
    }

    /// Stores the oldest messages in the cookie and the others in the session.
    ///
    /// - Throws: `SigningError` without keys; what the session's store throws.
    public func save(
        _ messages: [Message], replacing stored: StoredMessages, for request: Request, in response: inout Response
    ) async throws -> [Message] {
        guard request.sessionIfAny != nil else {
            return try cookie.save(messages, replacing: stored, in: &response, keepsOldest: false)
        }
        let rest = try cookie.save(messages, replacing: stored, in: &response, keepsOldest: true)
        guard !rest.isEmpty || stored.isInSession else { return [] }
        return try await session.save(rest, replacing: stored, for: request, in: &response)
    }
}
