public import MartletHTTP

/// Where messages wait for the next page: with the client, or in its session.
///
/// ``FallbackMessageStore`` is the usual one.
public protocol MessageStore: Sendable {
    /// The messages that wait for a client.
    ///
    /// Called for each request, so it must cost nothing for a client that has none.
    func load(for request: Request) async throws -> StoredMessages

    /// Stores messages in place of those that were there.
    ///
    /// - Parameters:
    ///   - messages: What to store; none to forget what is there.
    ///   - stored: What ``load(for:)`` has found.
    /// - Returns: Those for which there was no room.
    func save(
        _ messages: [Message], replacing stored: StoredMessages, for request: Request, in response: inout Response
    ) async throws -> [Message]
}

/// What a store has found.
public struct StoredMessages: Sendable {
    /// The messages, the oldest first.
    public var messages: [Message]

    /// Whether these are all; `false` where the rest is in another store.
    public var isComplete: Bool

    /// Whether the client has sent a cookie with messages, even one that cannot be read.
    public var isInCookie: Bool

    /// Whether the session has messages.
    public var isInSession: Bool

    /// Makes what was found; nothing unless told.
    public init(
        _ messages: [Message] = [], isComplete: Bool = true, isInCookie: Bool = false, isInSession: Bool = false
    ) {
        self.messages = messages
        self.isComplete = isComplete
        self.isInCookie = isInCookie
        self.isInSession = isInSession
    }
}
