internal import Dispatch
internal import Glibc
internal import Synchronization

/// Writes lines to a descriptor, off the thread that tells the event, in order.
///
/// A reader that does not keep up must not stop the program: lines wait in a bounded buffer, and what does not fit is
/// dropped, counted, and told by an event `log_events_dropped` as soon as there is room.
public final class StreamSink: LogSink {
    /// How an event becomes a line.
    public let renderer: any LogRenderer

    private let descriptor: Int32
    private let capacity: Int
    private let queue = DispatchQueue(label: "martlet.log")

    /// Shared by the threads that tell events and the one that writes; held to append or to take, never to write.
    private let state = Mutex(State())

    /// Held while lines are taken and written, so that a flush cannot overtake the writing queue.
    private let writing = Mutex(Scratch())

    private struct State {
        var lines: [UInt8] = []
        var isScheduled = false
        var dropped = 0
        var droppedInAll = 0
    }

    /// A second buffer that changes places with the first, so that neither is allocated again.
    private struct Scratch {
        var lines: [UInt8] = []
    }

    /// How long the writing thread looks for further lines before it sleeps: waking it costs the telling thread more
    /// than the line itself.
    private static let linger: UInt32 = 1_000  // microseconds

    /// Makes a sink.
    ///
    /// - Parameters:
    ///   - descriptor: Where to write; it is not closed.
    ///   - renderer: How an event becomes a line.
    ///   - capacity: How many bytes may wait to be written; 8 MiB unless told.
    public init(descriptor: Int32, renderer: any LogRenderer, capacity: Int = 8 << 20) {
        self.descriptor = descriptor
        self.renderer = renderer
        self.capacity = capacity
    }

    /// Lines for people on standard error, in colour where that is a terminal and `NO_COLOR` is not set.
    public static func standardError() -> StreamSink {
        let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isColoured = isatty(STDERR_FILENO) == 1 && !isPlain
        return StreamSink(descriptor: STDERR_FILENO, renderer: ConsoleRenderer(isColoured: isColoured))
    }

    /// How many events were dropped since the sink was made.
    public var droppedEvents: Int { state.withLock { $0.droppedInAll } }

    /// Renders the event and leaves the line to the writing queue.
    public func receive(_ event: LogEvent) {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        renderer.render(event, to: &line)
        let mustSchedule = state.withLock { state in
            guard state.lines.count + line.count <= capacity else {
                state.dropped += 1
                state.droppedInAll += 1
                return false
            }
            state.lines += line
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { queue.async { self.writeUntilQuiet() } }
    }

    /// Writes what waits, and returns when it is written.
    public func flush() { while writeOnce() {} }

    private func writeUntilQuiet() {
        while true {
            if writeOnce() {
                usleep(Self.linger)
                continue
            }
            let isDone = state.withLock { state in
                if state.lines.isEmpty { state.isScheduled = false }
                return state.lines.isEmpty
            }
            if isDone { return }
        }
    }

    /// Whether there was anything to write.
    private func writeOnce() -> Bool {
        writing.withLock { scratch in
            scratch.lines.removeAll(keepingCapacity: true)
            let dropped = state.withLock { state in
                swap(&state.lines, &scratch.lines)
                defer { state.dropped = 0 }
                return state.dropped
            }
            if dropped > 0 { renderDrops(dropped, to: &scratch.lines) }
            let hasLines = !scratch.lines.isEmpty
            scratch.lines.withUnsafeBytes { write($0) }
            // One burst must not keep its memory for ever.
            if scratch.lines.capacity > 1 << 20 { scratch.lines = [] }
            return hasLines
        }
    }

    private func renderDrops(_ count: Int, to lines: inout [UInt8]) {
        let event = LogEvent(
            microseconds: LogSettings.now(), level: .warning, name: "log_events_dropped", logger: "martlet.logging",
            fields: [LogField("count", .int(count))])
        renderer.render(event, to: &lines)
    }

    /// Writes all of it. A descriptor that is closed or full for good gets nothing more: there is nobody to tell.
    private func write(_ lines: UnsafeRawBufferPointer) {
        var rest = lines[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}
