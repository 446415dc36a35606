import Dispatch
import Synchronization

/// Threads that fight for a value: with a mutex there is nothing to report, without one (`racy`) there must be. And a
/// task that is given a value before it waits for it, which is nothing to report either.
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

/// What another thread hands over while this task does not wait yet.
func handedOver() async -> [Int] {
    let isResumed = Atomic<Bool>(false)
    return await withUnsafeContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(returning: Array(0..<100).shuffled())
            // Relaxed, and so nothing that would order the two threads by itself.
            isResumed.store(true, ordering: .relaxed)
        }
        while !isResumed.load(ordering: .relaxed) {}
    }
}

var sum = 0
for _ in 0..<100 { sum += await handedOver().reduce(0, +) }
print(sum)
