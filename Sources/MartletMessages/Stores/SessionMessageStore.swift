public import MartletHTTP
import MartletJSON
import MartletSessions

/// Keeps messages in the session, as Django's `SessionStorage` does: both read each other's.
///
/// The session is read for each request that has one, since templates cannot wait for it. ``FallbackMessageStore`` reads it
/// only where messages are in it.
public struct SessionMessageStore: MessageStore {
    private static let key = "_messages"

    /// Makes a store; needs the `Sessions` layer outside of ``Messages``.
    public init() {}

    /// The messages of the session.
    ///
    /// - Throws: `MissingSessions`; what the session's store throws.
    public func load(for request: Request) async throws -> StoredMessages {
        guard let value = try await request.session[Self.key], !value.isNull else { return StoredMessages() }
        // Django writes a text of JSON, and reads a list as well.
        let list = value.stringValue.flatMap { try? JSON.parse($0, limits: JSONLimits(depth: 8)) } ?? value
        return StoredMessages(MessageCoding.messages(list)?.messages ?? [], isInSession: true)
    }

    /// Stores messages in the session, or removes what is there.
    ///
    /// - Throws: `MissingSessions`; what the session's store throws.
    public func save(
        _ messages: [Message], replacing stored: StoredMessages, for request: Request, in response: inout Response
    ) async throws -> [Message] {
        let session = try request.session
        if messages.isEmpty {
            if stored.isInSession { try await session.remove(Self.key) }
        } else {
            try session.set(Self.key, String(decoding: MessageCoding.json(messages), as: UTF8.self))
        }
        return []
    }
}
