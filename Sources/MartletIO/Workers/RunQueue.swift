import Synchronization

/// The jobs that wait for a worker: its own, added without a lock, and those that other threads hand over.
struct RunQueue: ~Copyable {
    private var own: [UnownedJob] = []
    private var head = 0

    /// Shared with every other thread; held only to add a job or to take them all.
    private let foreign = Mutex<[UnownedJob]>([])

    var isEmpty: Bool { head == own.count }

    /// Adds a job on the worker's own thread.
    mutating func add(_ job: UnownedJob) {
        own.append(job)
    }

    /// Adds a job from any thread.
    ///
    /// - Returns: Whether the worker must be woken; `false` when it has been and has not yet looked.
    borrowing func hand(_ job: UnownedJob) -> Bool {
        foreign.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
    }

    /// Moves what other threads have handed over to the end of the worker's own queue.
    mutating func takeForeign() {
        own += foreign.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
    }

    /// Takes the job that has waited longest.
    mutating func next() -> UnownedJob? {
        guard head < own.count else { return nil }
        let job = own[head]
        head += 1
        if head == own.count {
            own.removeAll(keepingCapacity: true)
            head = 0
        }
        return job
    }
}
