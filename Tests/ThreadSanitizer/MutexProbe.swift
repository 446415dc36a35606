import Dispatch
import Synchronization

/// Threads that fight for a value: with a mutex there is nothing to report, without one (`racy`) there must be.
final class Counter: @unchecked Sendable {
    let mutex = Mutex<[Int]>([])
    /// Racy where `racy` is asked for, and used by one thread only elsewhere.
    var unprotected = 0
}

let counter = Counter()
let isRacy = CommandLine.arguments.contains("racy")
DispatchQueue.concurrentPerform(iterations: 8) { index in
    for step in 0..<20_000 {
        counter.mutex.withLock { values in
            values.append(step)
            if values.count > 100 { values = [] }
        }
        if isRacy { counter.unprotected += 1 }
    }
}
print("\(counter.mutex.withLock(\.count)) \(counter.unprotected)")
