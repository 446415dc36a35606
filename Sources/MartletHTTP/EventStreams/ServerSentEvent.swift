/// One event of an event stream, as a browser's `EventSource` receives it.
///
/// ```swift
/// ServerSentEvent(data: "42", event: "tick", id: "7")
/// ```
///
/// Source: [HTML, §9.2 Server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html).
public struct ServerSentEvent: Sendable, Hashable {
    /// The text; line breaks of any kind arrive as LF. Without it the browser fires nothing, but takes `id` and `retry`.
    public var data: String?

    /// The name that listeners are registered under; `message` when it is `nil`.
    public var event: String?

    /// What a browser that connects anew sends as `Last-Event-ID`; empty takes back what was set before.
    public var id: String?

    /// How long a browser waits before it connects anew; sent in milliseconds.
    public var retry: Duration?

    /// Makes an event.
    public init(data: String? = nil, event: String? = nil, id: String? = nil, retry: Duration? = nil) {
        self.data = data
        self.event = event
        self.id = id
        self.retry = retry
    }

    /// The event as it is sent, with the empty line that ends it.
    ///
    /// - Throws: ``ServerSentEventError`` when `event` or `id` has a line break or NUL: it would become a field of its
    ///   own, or be ignored; or when `retry` is negative.
    func encoded() throws(ServerSentEventError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((data?.utf8.count ?? 0) + 64)
        if let event { try Self.append("event", event, to: &bytes) }
        if let id { try Self.append("id", id, to: &bytes) }
        if let retry { Self.append("retry", "\(try Self.milliseconds(retry))".utf8, to: &bytes) }
        if let data { Self.append(data: data, to: &bytes) }
        bytes.append(0x0A)
        return bytes
    }

    private static func append(
        _ name: StaticString, _ value: String, to bytes: inout [UInt8]
    ) throws(ServerSentEventError) {
        guard value.utf8.allSatisfy({ $0 != 0x0A && $0 != 0x0D && $0 != 0 }) else {
            throw .illegalCharacter(field: "\(name)", value: value)
        }
        append(name, value.utf8, to: &bytes)
    }

    private static func append(_ name: StaticString, _ value: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        // One blank after the colon is not part of the value; without it a value could not begin with one.
        bytes.append(0x3A)
        bytes.append(0x20)
        bytes.append(contentsOf: value)
        bytes.append(0x0A)
    }

    /// Each line is a field of its own; CR LF, LF and CR end a line.
    private static func append(data: String, to bytes: inout [UInt8]) {
        var line = data.utf8[...]
        while let end = line.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            append("data", line[..<end], to: &bytes)
            let next = line.index(after: end)
            let isPair = line[end] == 0x0D && next < line.endIndex && line[next] == 0x0A
            line = line[(isPair ? line.index(after: next) : next)...]
        }
        append("data", line, to: &bytes)
    }

    private static func milliseconds(_ time: Duration) throws(ServerSentEventError) -> Int64 {
        let (seconds, attoseconds) = time.components
        guard seconds >= 0, attoseconds >= 0, seconds < Int64.max / 1_000 - 1 else { throw .illegalRetry(time) }
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}

/// Why an event cannot be sent.
public enum ServerSentEventError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A name or id has a line break or NUL.
    case illegalCharacter(field: String, value: String)
    /// The time is negative, or too long to be told in milliseconds.
    case illegalRetry(Duration)
    /// The closure given to `eventStream` has returned.
    case ended

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .illegalCharacter(let field, let value):
            "The \(field) \(value.debugDescription) of a server-sent event has a line break or NUL. "
                + "Remove it, or send the text as data."
        case .illegalRetry(let time):
            "The retry time \(time) of a server-sent event cannot be sent. Use 0 or more milliseconds."
        case .ended:
            "The event stream has ended. Send events only before the closure given to 'eventStream' returns."
        }
    }
}
