import Dispatch
import Glibc

/// SIGTERM and SIGINT as a stream, while one of these lives.
final class TerminationSignals {
    /// Yields once for each signal; finishes when ``continuation`` is.
    let stream: AsyncStream<Int32>

    /// Ends the stream.
    let continuation: AsyncStream<Int32>.Continuation
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        self.stream = stream
        self.continuation = continuation
        sources = [SIGTERM, SIGINT].map { number in
            // Dispatch only observes; without this the default action would end the process first.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
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
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
    }
}
