public import Dispatch
import Glibc
import Synchronization

/// One of the threads of work that carry all connections: a serial Dispatch queue that is also a task executor.
///
/// A task that prefers a worker runs on it alone, so what it touches needs no lock. While there is work the worker
/// stays in its own loop; when there is none for a moment it gives its thread back to Dispatch.
///
/// `@unchecked Sendable`: every stored property that changes is used on `queue` only, except the part of `jobs` that
/// has its own lock and `thread`, which is atomic.
public final class Worker: TaskExecutor, @unchecked Sendable {
    /// The queue this worker runs on.
    public let queue: DispatchQueue

    /// The number of the worker in its group, from 0.
    public let index: Int

    /// The present as of this turn of the loop.
    public private(set) var now = Moment.now

    /// 64 KB for one read at a time: whoever reads into it must take what it needs before it next suspends.
    public let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    var deadlines = DeadlineQueue()

    private let poller: Poller
    private let alarm: any DispatchSourceTimer
    private var alarmMoment = Moment.distantFuture
    private var jobs = RunQueue()
    private var afterTurn: [any TurnObserver] = []
    private var watches = WatchTable()

    /// The thread that is in the loop now; 0 when none is.
    private let thread = Atomic<UInt>(0)

    /// Jobs that one turn runs before it looks at the descriptors again, so that tasks which wake each other without
    /// end cannot starve the connections.
    private static let jobsPerTurn = 512

    /// Makes and starts a worker.
    ///
    /// - Throws: ``SystemCallError`` when the system has no descriptors left.
    public init(index: Int) throws {
        self.index = index
        queue = DispatchQueue(label: "martlet.worker.\(index)")
        poller = try Poller(queue: queue)
        alarm = DispatchSource.makeTimerSource(queue: queue)
        // Weak: Dispatch may be about to call a handler while another thread lets go of the worker.
        alarm.setEventHandler { [weak self] in self?.alarmRang() }
        alarm.schedule(deadline: .distantFuture)
        alarm.activate()
        poller.start { [weak self] in self?.loop() }
    }

    deinit {
        alarm.cancel()
        poller.stop()
        scratch.deallocate()
    }

    // MARK: Tasks

    /// Whether the caller runs on this worker.
    public var isCurrent: Bool {
        thread.load(ordering: .relaxed) == Self.currentThread
    }

    /// Runs a job on this worker.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            jobs.add(job)
        } else if jobs.hand(job) {
            poller.wake()
        }
    }

    /// The worker whose connection the current task serves; `nil` elsewhere, as in a command.
    ///
    /// Tasks that a view starts inherit it, though they run on the worker only if they prefer it.
    @TaskLocal public static var current: Worker?

    /// Starts a task that runs on this worker and finds it as ``current``.
    @discardableResult
    public func run(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        // Inherited from here, it costs the task no call of its own.
        Self.$current.withValue(self) {
            Task(executorPreference: self) { await operation() }
        }
    }

    /// Calls `observer` at the end of this turn, when every task that could run has run.
    public func notifyAfterTurn(_ observer: any TurnObserver) {
        afterTurn.append(observer)
    }

    // MARK: Descriptors

    /// Watches a descriptor, which must be non-blocking and stay open until ``Readiness/end()``.
    ///
    /// - Throws: ``SystemCallError`` when the system cannot watch it.
    public func readiness(of descriptor: Int32) throws -> Readiness {
        let readiness = watches.add { Readiness(descriptor: descriptor, token: $0, worker: self) }
        do {
            try poller.add(descriptor, token: readiness.token)
        } catch {
            watches.remove(readiness.token)
            throw error
        }
        return readiness
    }

    func rearm(_ readiness: Readiness) {
        poller.rearm(readiness.descriptor, token: readiness.token)
    }

    func unwatch(_ readiness: Readiness, closing: Bool, isCopy: Bool) {
        let token = readiness.token
        poller.remove(readiness.descriptor, token: token, closing: closing, isCopy: isCopy)
        guard !isCurrent else { return watches.remove(token) }
        // Somebody who outlives the server lets go while the worker is about to end.
        queue.async { [self] in watches.remove(token) }
    }

    // MARK: The loop

    private static var currentThread: UInt { pthread_self() }

    /// Serves what is ready until nothing has happened for a moment.
    private func loop() {
        thread.store(Self.currentThread, ordering: .relaxed)
        repeat { turn() } while poller.wait(until: isBusy ? now : deadlines.next, now: now) || isBusy
        thread.store(0, ordering: .relaxed)
        setAlarm()
    }

    private var isBusy: Bool { !jobs.isEmpty || !afterTurn.isEmpty }

    /// One turn: news of the descriptors, deadlines, jobs, then what has waited for the end of the turn.
    private func turn() {
        now = Moment.now
        poller.forEachEvent { event in
            watches[event.token]?.changed(
                readable: event.isReadable, writable: event.isWritable, readClosed: event.isReadClosed,
                broken: event.isBroken)
        }
        if poller.takeWake() { jobs.takeForeign() }
        while let deadline = deadlines.popExpired(now) { deadline.expire() }
        runJobs()
        if !afterTurn.isEmpty { endTurn() }
    }

    private func runJobs() {
        let executor = asUnownedTaskExecutor()
        for _ in 0..<Self.jobsPerTurn {
            guard let job = jobs.next() else { return }
            job.runSynchronously(on: executor)
        }
    }

    private func endTurn() {
        let observers = afterTurn
        afterTurn.removeAll(keepingCapacity: true)
        for observer in observers { observer.turnEnded() }
    }

    private func alarmRang() {
        alarmMoment = .distantFuture
        loop()
    }

    /// Leaves the next deadline to Dispatch while the loop is not running.
    private func setAlarm() {
        let next = deadlines.next
        guard next != alarmMoment else { return }
        alarmMoment = next
        guard next != .distantFuture else {
            alarm.schedule(deadline: .distantFuture)
            return
        }
        let delay = next.nanoseconds &- min(Moment.now.nanoseconds, next.nanoseconds)
        alarm.schedule(deadline: .now() + .nanoseconds(Int(clamping: delay)), leeway: .milliseconds(1))
    }
}

/// Is told when a worker has run all tasks that could run.
public protocol TurnObserver: AnyObject {
    /// Called once on the worker, without suspending it.
    func turnEnded()
}
