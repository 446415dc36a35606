/// The pings that the server sends, each with a number of its own, and whether the last one was answered.
struct WebSocketPings {
    private var number: UInt64 = 0
    private var isWaiting = false

    /// The payload of the next ping; `nil` when the last one has not been answered.
    mutating func next() -> [UInt8]? {
        guard !isWaiting else { return nil }
        isWaiting = true
        number += 1
        return payload
    }

    /// A pong has come. One that answers no ping of ours says nothing (RFC 6455 §5.5.3).
    mutating func answered(_ payload: [UInt8]) {
        if payload == self.payload { isWaiting = false }
    }

    private var payload: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}
