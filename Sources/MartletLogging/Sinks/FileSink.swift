/// Appends lines to a file, off the thread that tells the event, in order.
///
/// When somebody moves the file away, as logrotate does, the next lines go to a new one; so it needs neither a signal nor
/// `copytruncate`. What is bounded, dropped and counted is as with ``StreamSink``.
///
/// Source: the behaviour of Python's
/// [WatchedFileHandler](https://docs.python.org/3/library/logging.handlers.html#watchedfilehandler).
public final class FileSink: LogSink {
    /// How an event becomes a line.
    public let renderer: any LogRenderer

    private let queue: LogQueue

    /// Opens the file, or makes it with the mode 0640.
    ///
    /// - Parameters:
    ///   - path: The file; its folder must be there.
    ///   - renderer: How an event becomes a line.
    ///   - capacity: How many bytes may wait to be written, besides as many that are being written; 8 MiB unless told.
    ///   - overflow: What happens with lines that do not fit; they are dropped unless told.
    /// - Throws: ``LogDestinationError`` when it cannot be written.
    public init(
        _ path: String, renderer: any LogRenderer, capacity: Int = 8 << 20, overflow: LogOverflow = .drop
    ) throws(LogDestinationError) {
        self.renderer = renderer
        let file = try FileDestination(path)
        queue = LogQueue(file, capacity: capacity, overflow: overflow, notice: renderer.line)
        queue.use(file.descriptor)
    }

    /// How many events were dropped or lost since the sink was made.
    public var droppedEvents: Int { queue.droppedEvents }

    /// Renders the event and leaves the line to the writing queue.
    public func receive(_ event: LogEvent) { queue.receive(renderer.line(event)) }

    /// Writes what waits, and returns when it is written, or when the limit is over.
    public func flush(within limit: Duration?) { queue.flush(within: limit) }

    /// Has what waits written when the program ends, by `exit` or a fatal signal.
    public func flushWhenProcessEnds() { queue.flushWhenProcessEnds() }
}
