internal import Glibc

/// Writes lines to a descriptor, off the thread that tells the event, in order.
///
/// A reader that does not keep up must not stop the program: lines wait in a bounded buffer, and what does not fit is
/// dropped, counted, and told by an event `log_events_dropped` as soon as there is room. So are lines that a full disk or
/// a closed descriptor has lost.
public final class StreamSink: LogSink {
    /// How an event becomes a line.
    public let renderer: any LogRenderer

    private let queue: LogQueue

    /// Makes a sink.
    ///
    /// - Parameters:
    ///   - descriptor: Where to write; it is not closed.
    ///   - renderer: How an event becomes a line.
    ///   - capacity: How many bytes may wait to be written, besides as many that are being written; 8 MiB unless told.
    ///   - overflow: What happens with lines that do not fit; they are dropped unless told.
    public init(
        descriptor: Int32, renderer: any LogRenderer, capacity: Int = 8 << 20, overflow: LogOverflow = .drop
    ) {
        self.renderer = renderer
        queue = LogQueue(
            StreamDestination(descriptor: descriptor), capacity: capacity, overflow: overflow, notice: renderer.line)
        queue.use(descriptor)
    }

    /// Lines for people on standard error, in colour where that is a terminal and `NO_COLOR` is not set.
    public static func standardError() -> StreamSink {
        StreamSink(descriptor: STDERR_FILENO, renderer: ConsoleRenderer.forTerminal(STDERR_FILENO))
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

extension LogRenderer {
    /// The line of an event.
    func line(_ event: LogEvent) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        render(event, to: &line)
        return line
    }
}

extension ConsoleRenderer {
    /// In colour where a descriptor is a terminal that knows colours, and `NO_COLOR` is not set or empty.
    ///
    /// Source: [no-color.org](https://no-color.org).
    public static func forTerminal(_ descriptor: Int32) -> ConsoleRenderer {
        let (plain, terminal) = (
            getenv("NO_COLOR").map { String(cString: $0) }, getenv("TERM").map { String(cString: $0) }
        )
        return ConsoleRenderer(
            isColoured: showsColours(isTerminal: isatty(descriptor) == 1, noColor: plain, term: terminal))
    }

    /// Whether lines have colours, by what is known of their reader and by the values of `NO_COLOR` and `TERM`.
    package static func showsColours(isTerminal: Bool, noColor: String?, term: String?) -> Bool {
        isTerminal && (noColor ?? "").isEmpty && term != "dumb"
    }
}
