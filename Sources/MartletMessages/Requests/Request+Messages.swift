public import MartletHTTP

extension Request {
    /// The messages for the client.
    ///
    /// - Throws: ``MissingMessages`` without the ``Messages`` layer.
    public var messages: RequestMessages {
        get throws(MissingMessages) {
            guard let messages = storage[RequestMessagesKey.self] else { throw MissingMessages() }
            return messages
        }
    }

    /// The messages for the client; `nil` without the ``Messages`` layer.
    package var messagesIfAny: RequestMessages? { storage[RequestMessagesKey.self] }
}

/// Stands in the request's storage.
enum RequestMessagesKey: RequestStorageKey {
    typealias Value = RequestMessages
}

/// Messages were asked for outside of ``Messages``.
public struct MissingMessages: Error, Sendable, CustomStringConvertible {
    /// What to do.
    public var description: String { "The request has no messages: add Messages() to the middleware, inside Sessions." }
}
