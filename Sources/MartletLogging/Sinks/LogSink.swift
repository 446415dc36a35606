/// Where events go: a stream, a test's memory, a system log.
public protocol LogSink: Sendable {
    /// Takes an event. Called on the thread that tells it, so it must not wait for anything.
    func receive(_ event: LogEvent)

    /// Returns when every event received so far is written.
    func flush()
}

extension LogSink {
    /// Does nothing: for sinks that hold nothing back.
    public func flush() {}
}
