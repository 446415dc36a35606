#if !os(Linux) || MARTLET_DISPATCH_SOURCES
import Dispatch
import Synchronization

/// Learns which descriptors are ready where there is no epoll: two Dispatch sources a descriptor.
///
/// Simple rather than fast. Everything but ``wake()`` is called on the worker's queue, and so are the sources' handlers.
final class Poller {
    private final class Sources {
        let descriptor: Int32
        let read: any DispatchSourceRead
        let write: any DispatchSourceWrite
        var isReadSuspended = false
        var isWriteSuspended = false

        init(_ descriptor: Int32, read: any DispatchSourceRead, write: any DispatchSourceWrite) {
            self.descriptor = descriptor
            self.read = read
            self.write = write
        }

        func sleepRead() {
            guard !isReadSuspended else { return }
            isReadSuspended = true
            read.suspend()
        }

        func sleepWrite() {
            guard !isWriteSuspended else { return }
            isWriteSuspended = true
            write.suspend()
        }

        // A suspended source may neither be cancelled for good nor released, so both are resumed.
        func resume() {
            if isReadSuspended { read.resume() }
            if isWriteSuspended { write.resume() }
            isReadSuspended = false
            isWriteSuspended = false
        }
    }

    /// What the handlers share with the poller; used on the queue only.
    private final class State: @unchecked Sendable {
        var events: [ReadinessEvent] = []
        var sources: [UInt64: Sources] = [:]
        var handler: @Sendable () -> Void = {}

        func report(_ token: UInt64, readable: Bool) {
            guard let source = sources[token] else { return }
            if readable { source.sleepRead() } else { source.sleepWrite() }
            // Dispatch does not say that the other end has closed; a look at the next byte does.
            let next = readable ? Socket.peek(source.descriptor) : .wouldBlock
            let isBroken = if case .failed = next { true } else { false }
            events.append(
                ReadinessEvent(
                    token: token, isReadable: readable, isWritable: !readable, isReadClosed: next == .bytes(0),
                    isBroken: isBroken))
            handler()
        }
    }

    private let queue: DispatchQueue
    private let state = State()
    private let isWoken = Atomic<Bool>(false)

    /// Whether a descriptor must be asked about again after each piece of news.
    static let needsRearm = true

    init(queue: DispatchQueue) throws {
        self.queue = queue
    }

    func start(_ handler: @escaping @Sendable () -> Void) {
        state.handler = handler
    }

    func stop() {
        // The worker may go away on any thread, and a handler may be at work on the queue.
        queue.async { [state] in
            for sources in state.sources.values {
                sources.resume()
                sources.read.cancel()
                sources.write.cancel()
            }
            state.sources = [:]
        }
    }

    func wake() {
        isWoken.store(true, ordering: .releasing)
        queue.async { [weak state] in state?.handler() }
    }

    func takeWake() -> Bool {
        isWoken.exchange(false, ordering: .acquiring)
    }

    func add(_ descriptor: Int32, token: UInt64) throws {
        let sources = Sources(
            descriptor, read: DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue),
            write: DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: queue))
        state.sources[token] = sources
        // Dispatch repeats its news; a source sleeps until the next `rearm`, as an edge of epoll would.
        sources.read.setEventHandler { [weak state] in
            state?.report(token, readable: true)
        }
        sources.write.setEventHandler { [weak state] in
            state?.report(token, readable: false)
        }
        sources.read.activate()
        sources.write.activate()
    }

    func rearm(_ descriptor: Int32, token: UInt64) {
        state.sources[token]?.resume()
    }

    func remove(_ descriptor: Int32, token: UInt64, closing: Bool, isCopy: Bool) {
        guard let sources = state.sources.removeValue(forKey: token) else { return }
        sources.resume()
        if closing {
            // Dispatch looks at the descriptor until both sources have been cancelled.
            let cancelled = DispatchGroup()
            cancelled.enter()
            cancelled.enter()
            sources.read.setCancelHandler { cancelled.leave() }
            sources.write.setCancelHandler { cancelled.leave() }
            cancelled.notify(queue: queue) { Socket.close(descriptor) }
        }
        sources.read.cancel()
        sources.write.cancel()
    }

    func wait(until moment: Moment, now: Moment) -> Bool { !state.events.isEmpty }

    func forEachEvent(_ body: (ReadinessEvent) -> Void) {
        let events = state.events
        state.events.removeAll(keepingCapacity: true)
        for event in events { body(event) }
    }
}
#endif
