/// Sends events to a syslog, off the thread that tells the event, in order.
///
/// ```swift
/// let sink = SyslogSink(.tcp("logs.example.org"), SyslogRenderer(facility: .local0, program: "blog"))
/// ```
///
/// While nobody answers, messages wait in a bounded buffer; what does not fit is dropped, counted, and told by an event
/// `log_events_dropped` as soon as somebody does. The server is tried again each second.
///
/// Source: [RFC 5424](https://www.rfc-editor.org/rfc/rfc5424), [RFC 5426](https://www.rfc-editor.org/rfc/rfc5426) for UDP,
/// [RFC 6587](https://www.rfc-editor.org/rfc/rfc6587) for TCP.
public final class SyslogSink: LogSink {
    private let renderer: SyslogRenderer
    private let countsBytes: Bool
    private let queue: LogQueue

    /// Makes a sink; a connection is made for the first event.
    ///
    /// - Parameters:
    ///   - server: Where a syslog takes messages.
    ///   - renderer: How messages look; their size is that of the server.
    ///   - capacity: How many bytes may wait to be sent, besides as many that are being sent; 8 MiB unless told.
    ///   - overflow: What happens with messages that do not fit; they are dropped unless told.
    public init(
        _ server: SyslogServer = .local(), _ renderer: SyslogRenderer = SyslogRenderer(), capacity: Int = 8 << 20,
        overflow: LogOverflow = .drop
    ) {
        let renderer = renderer.limited(to: server.maximumSize)
        let countsBytes = if case .tcp = server.transport { true } else { false }
        self.renderer = renderer
        self.countsBytes = countsBytes
        queue = LogQueue(SyslogDestination(server.transport), capacity: capacity, overflow: overflow) {
            Self.record($0, renderer, countsBytes: countsBytes)
        }
    }

    /// How many events were dropped or lost since the sink was made. Datagrams that get lost on their way are not among
    /// them: nobody hears of those.
    public var droppedEvents: Int { queue.droppedEvents }

    /// Renders the event and leaves the message to the sending queue.
    public func receive(_ event: LogEvent) { queue.receive(Self.record(event, renderer, countsBytes: countsBytes)) }

    /// Sends what waits, and returns when it is sent, or when nobody answers, or when the limit is over.
    public func flush(within limit: Duration?) { queue.flush(within: limit) }

    /// Has what waits sent when the program ends, by `exit` or a fatal signal, where there is a connection.
    public func flushWhenProcessEnds() { queue.flushWhenProcessEnds() }

    /// RFC 6587 §3.4.1: the length of the message in digits, a blank, the message.
    private static func record(_ event: LogEvent, _ renderer: SyslogRenderer, countsBytes: Bool) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(256)
        renderer.appendMessage(event, to: &message)
        return countsBytes ? Array("\(message.count) ".utf8) + message : message
    }
}
