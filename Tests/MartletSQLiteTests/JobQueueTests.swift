import Synchronization
import Testing

@testable import MartletSQLite

@Suite struct JobQueueTests {
    @Test func `jobs run one after the other, in the order in which they came`() async {
        let queue = JobQueue(label: "test")
        let numbers = Mutex<[Int]>([])
        for number in 0..<1_000 { queue.add { numbers.withLock { $0.append(number) } } }
        await withCheckedContinuation { continuation in queue.add { continuation.resume() } }
        #expect(numbers.withLock { $0 } == Array(0..<1_000))
    }

    @Test func `no two jobs run at once, and none is lost, whoever adds them`() async {
        let queue = JobQueue(label: "test")
        let counts = Counts()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<200 {
                        await withCheckedContinuation { continuation in
                            queue.add {
                                counts.most.max(
                                    counts.running.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
                                counts.running.subtract(1, ordering: .relaxed)
                                counts.done.add(1, ordering: .relaxed)
                                continuation.resume()
                            }
                        }
                    }
                }
            }
        }
        #expect(counts.most.load(ordering: .relaxed) == 1)
        #expect(counts.done.load(ordering: .relaxed) == 1_600)
    }

    @Test func `a job that runs at once has the queue for itself, and holds none of the others up for ever`() async {
        let queue = JobQueue(label: "test")
        let order = Mutex<[String]>([])
        let taken: Bool? = queue.runNow {
            queue.add { order.withLock { $0.append("added meanwhile") } }
            #expect(queue.runNow { true } == nil)
            order.withLock { $0.append("at once") }
            return true
        }
        #expect(taken == true)
        await withCheckedContinuation { continuation in queue.add { continuation.resume() } }
        #expect(order.withLock { $0 } == ["at once", "added meanwhile"])
    }

    @Test func `a job may add another, which runs behind those that are there`() async {
        let queue = JobQueue(label: "test")
        let words = Mutex<[String]>([])
        await withCheckedContinuation { continuation in
            queue.add {
                queue.add {
                    words.withLock { $0.append("third") }
                    continuation.resume()
                }
                words.withLock { $0.append("first") }
            }
        }
        #expect(words.withLock { $0 } == ["first", "third"])
    }
}

/// How many jobs run, ran at once at most, and have run.
private final class Counts: Sendable {
    let running = Atomic(0)
    let most = Atomic(0)
    let done = Atomic(0)
}
