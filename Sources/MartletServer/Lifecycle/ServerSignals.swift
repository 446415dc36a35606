import Dispatch
import Glibc

/// SIGTERM, SIGINT and SIGHUP as a stream, while one of these lives.
final class ServerSignals {
    /// What a signal asks for, and what has come of it.
    enum Request: Sendable {
        case stop
        /// Let a new process take over.
        case reload
        case reloadFailed
        /// The process of that number listens.
        case handedOver(Int32)
    }

    /// Yields once for each signal, and what is put in by way of ``continuation``; finishes when ``continuation`` is.
    let stream: AsyncStream<Request>

    /// Ends the stream.
    let continuation: AsyncStream<Request>.Continuation
    private let sources: [any DispatchSourceSignal]

    private static let numbers = [SIGTERM, SIGINT, SIGHUP]

    /// - Parameter reloads: Whether SIGHUP asks for a reload; else it asks to stop.
    init(reloads: Bool) {
        let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
        self.stream = stream
        self.continuation = continuation
        sources = Self.numbers.map { number in
            // Dispatch only observes; without this the default action would end the process first.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number == SIGHUP && reloads ? .reload : .stop) }
            source.activate()
            return source
        }
        // A client that goes away is an error of the write, not the end of the process; libraries write too.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Gives the signals back to the system.
    func end() {
        continuation.finish()
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
