#if os(Linux) && !MARTLET_DISPATCH_SOURCES
import CMartletLinux
import Dispatch
import Glibc

/// Learns which descriptors are ready: an epoll set, itself watched by one Dispatch source.
///
/// The set tells each change once (edge-triggered), so a request costs no call of `epoll_ctl`. Everything but ``wake()``
/// is called on the worker.
final class Poller {
    private let set: Int32
    private let signal: Int32
    private let source: any DispatchSourceRead
    private let events: UnsafeMutablePointer<epoll_event>
    private var ready: Int32 = 0
    private var isWoken = false

    /// Whether a descriptor must be asked about again after each piece of news.
    static let needsRearm = false

    /// How much news one turn takes. What it needs of so many connections fits into a processor's cache; with 256 a
    /// thousand busy connections cost a sixth more.
    private static let capacity: Int32 = 64
    private static let signalToken = UInt64.max
    private static let interest = martlet_readable | martlet_writable | martlet_read_closed | martlet_edge

    /// The longest stay in `epoll_wait`, in milliseconds: leaving and coming back by way of Dispatch costs more than
    /// most of the gaps between requests under load, and an idle worker still gives its thread back soon.
    private static let linger: UInt64 = 20

    /// A wait shorter than this, in nanoseconds, means that clients are at work right now.
    private static let shortWait: UInt64 = 100_000

    /// How long the last wait took, in nanoseconds.
    private var lastWait = UInt64.max

    init(queue: DispatchQueue) throws {
        set = martlet_epoll_create()
        guard set >= 0 else { throw SystemCallError("epoll_create1") }
        signal = martlet_eventfd()
        guard signal >= 0 else {
            let error = SystemCallError("eventfd")
            close(set)
            throw error
        }
        guard martlet_epoll_add(set, signal, martlet_readable | martlet_edge, Self.signalToken) == 0 else {
            let error = SystemCallError("epoll_ctl", "eventfd")
            close(set)
            close(signal)
            throw error
        }
        events = .allocate(capacity: Int(Self.capacity))
        source = DispatchSource.makeReadSource(fileDescriptor: set, queue: queue)
    }

    /// Begins to call `handler` on the queue when a descriptor is ready.
    func start(_ handler: @escaping @Sendable () -> Void) {
        source.setEventHandler(handler: handler)
        let (set, signal) = (set, signal)
        // Dispatch still looks at the set until the source has been cancelled.
        source.setCancelHandler {
            close(set)
            close(signal)
        }
        source.activate()
    }

    func stop() {
        source.cancel()
        events.deallocate()
    }

    /// Makes the worker take the jobs that were handed to it; from any thread.
    func wake() {
        martlet_eventfd_signal(signal)
    }

    /// Whether ``wake()`` was called since the last time.
    func takeWake() -> Bool {
        defer { isWoken = false }
        return isWoken
    }

    func add(_ descriptor: Int32, token: UInt64) throws {
        guard martlet_epoll_add(set, descriptor, Self.interest, token) == 0 else {
            throw SystemCallError("epoll_ctl", "descriptor \(descriptor)")
        }
    }

    func rearm(_ descriptor: Int32, token: UInt64) {
        _ = martlet_epoll_modify(set, descriptor, Self.interest, token)
    }

    func remove(_ descriptor: Int32, token: UInt64, closing: Bool, isCopy: Bool) {
        // The set watches what the descriptor stands for: the last close of that takes it out, and no earlier one.
        if isCopy || !closing { _ = martlet_epoll_remove(set, descriptor) }
        if closing { close(descriptor) }
    }

    /// Waits for news, at most until `moment` and never for long.
    ///
    /// Under load the worker first lets others have its processor, once. A thread that sleeps is woken by the first
    /// request that a client, a proxy or a database on the same machine sends, takes the processor from it, answers that
    /// one request and sleeps again: two changes of thread for each request, while another processor may be idle. One
    /// that only stood back finds all that was sent meanwhile. Measured in `Docs/performance.md`.
    ///
    /// - Returns: Whether there is any.
    func wait(until moment: Moment, now: Moment) -> Bool {
        let left = (moment.nanoseconds &- min(now.nanoseconds, moment.nanoseconds) &+ 999_999) / 1_000_000
        guard left > 0 else { return take(0) }
        if lastWait < Self.shortWait { sched_yield() }
        let start = Moment.now
        defer { lastWait = Moment.now.nanoseconds &- start.nanoseconds }
        return take(Int32(min(left, Self.linger)))
    }

    private func take(_ milliseconds: Int32) -> Bool {
        ready = martlet_epoll_wait(set, events, Self.capacity, milliseconds)
        return ready > 0
    }

    /// Hands out the news of the last wait, once.
    func forEachEvent(_ body: (ReadinessEvent) -> Void) {
        let count = max(ready, 0)
        ready = 0
        for index in 0..<count {
            let token = martlet_event_token(events, index)
            guard token != Self.signalToken else {
                isWoken = true
                continue
            }
            let flags = martlet_event_flags(events, index)
            body(
                ReadinessEvent(
                    token: token, isReadable: flags & martlet_readable != 0, isWritable: flags & martlet_writable != 0,
                    isReadClosed: flags & martlet_read_closed != 0, isBroken: flags & martlet_broken != 0))
        }
    }
}
#endif
