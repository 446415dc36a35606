/// A moment at which a worker calls back, made once and armed many times.
///
/// A connection has one and moves it with every request, so moving it later is only a store: the queue of the worker
/// looks again when the earlier moment comes.
///
/// Used on its worker only.
public final class Deadline {
    /// When to call back; ``Moment/distantFuture`` when not armed.
    private(set) var due = Moment.distantFuture

    /// The moment under which the queue holds this deadline; an entry with another moment is out of date.
    var queued = Moment.distantFuture

    /// Weak, as the worker holds the deadlines that are armed; without a worker nothing expires.
    private weak let worker: Worker?
    private let expired: () -> Void

    /// Makes a deadline that is not armed.
    ///
    /// - Parameter expired: Called on the worker.
    public init(on worker: Worker, _ expired: @escaping () -> Void) {
        self.worker = worker
        self.expired = expired
    }

    /// Sets the moment, in place of an earlier setting.
    public func arm(_ moment: Moment) {
        due = moment
        if moment < queued { worker?.deadlines.insert(self, at: moment) }
    }

    /// Sets the moment as a time from now.
    public func arm(after delay: Duration) {
        arm((worker?.now ?? .now) + delay)
    }

    /// Takes the setting back.
    public func disarm() {
        due = .distantFuture
    }

    func expire() {
        due = .distantFuture
        expired()
    }
}
