/// Where events go: a stream, a test's memory, a system log.
public protocol LogSink: Sendable {
    /// Takes an event. Called on the thread that tells it, so it must not wait for anything.
    func receive(_ event: LogEvent)

    /// Returns when every event received so far is written, or cannot be.
    ///
    /// - Parameter limit: How long to wait at most: a reader that has stopped would hold up its caller for good. What is not
    ///   written by then still waits to be. `nil` for as long as it takes.
    func flush(within limit: Duration?)

    /// How many events were dropped or lost since the sink was made.
    var droppedEvents: Int { get }

    /// Has what waits written when the program ends: by `exit`, or by a signal such as `SIGSEGV`, `SIGILL`, `SIGTRAP`
    /// and `SIGABRT`, whose own action follows. For the sink of a whole program: it lives until then.
    func flushWhenProcessEnds()
}

extension LogSink {
    /// Does nothing: for sinks that hold nothing back.
    public func flush(within limit: Duration?) {}

    /// Returns when every event received so far is written, or cannot be, however long that takes.
    public func flush() { flush(within: nil) }

    /// None: for sinks that drop nothing.
    public var droppedEvents: Int { 0 }

    /// Does nothing: for sinks that hold nothing back.
    public func flushWhenProcessEnds() {}
}
