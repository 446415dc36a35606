import MartletMessages
import Synchronization

/// What a view has seen.
final class Seen: Sendable {
    private let messages = Mutex<[Message]>([])

    var all: [Message] { messages.withLock { $0 } }

    func add(_ more: [Message]) { messages.withLock { $0 += more } }
}
