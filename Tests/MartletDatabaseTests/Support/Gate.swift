/// Lets one task wait for another.
struct Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    }

    func open() { continuation.finish() }

    /// Waits until it is open; one task at a time.
    func pass() async { for await _ in stream {} }
}
