/// Messages that have come and not yet been asked for, and the task that waits for one.
struct WebSocketInbox {
    typealias Waiter = CheckedContinuation<WebSocketMessage?, any Error>

    /// What there is for a reader.
    enum Content {
        case message(WebSocketMessage, wasFull: Bool)
        /// There is none, and none will come.
        case end
        /// None yet.
        case none
    }

    private var messages: [WebSocketMessage] = []
    private var head = 0
    /// The bytes of those that wait.
    private var size = 0
    private(set) var waiter: Waiter?
    private(set) var isEnded = false

    /// Nothing more is read from the client while so many messages, or bytes of them, wait.
    private static let capacity = (messages: 32, bytes: 65_536)

    /// Whether nothing more should be read from the client for now. What one read has brought is kept in any case.
    var isFull: Bool { messages.count - head >= Self.capacity.messages || size >= Self.capacity.bytes }

    /// Adds a message, or hands it out to be given to the task that waits.
    mutating func add(_ message: WebSocketMessage) -> Waiter? {
        if let waiter = removeWaiter() { return waiter }
        messages.append(message)
        size += message.size
        return nil
    }

    /// No message comes any more.
    ///
    /// - Returns: The task that waits in vain.
    mutating func end() -> Waiter? {
        isEnded = true
        return removeWaiter()
    }

    /// Takes the oldest message.
    mutating func take() -> Content {
        guard head < messages.count else { return isEnded ? .end : .none }
        let wasFull = isFull
        let message = messages[head]
        head += 1
        size -= message.size
        if head == messages.count {
            messages.removeAll(keepingCapacity: messages.count <= Self.capacity.messages)
            head = 0
        }
        return .message(message, wasFull: wasFull)
    }

    /// Lets a task wait; there must be none yet.
    mutating func wait(_ waiter: Waiter) {
        self.waiter = waiter
    }

    /// Takes the task that waits.
    mutating func removeWaiter() -> Waiter? {
        defer { waiter = nil }
        return waiter
    }
}

extension WebSocketMessage {
    /// The bytes of the content.
    fileprivate var size: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}
