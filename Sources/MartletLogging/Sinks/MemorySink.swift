internal import Synchronization

/// Keeps events, for tests.
public final class MemorySink: LogSink {
    /// Shared by all tasks that tell events; held to append or to copy.
    private let received = Mutex<[LogEvent]>([])

    /// Makes an empty sink.
    public init() {}

    /// Keeps an event.
    public func receive(_ event: LogEvent) { received.withLock { $0.append(event) } }

    /// What was told so far, in order.
    public var events: [LogEvent] { received.withLock { $0 } }

    /// The events of a name.
    public func events(named name: String) -> [LogEvent] { events.filter { $0.name == name } }
}
