import Synchronization
import Testing

@testable import MartletSQLite

/// What jobs have seen of each other.
private final class Watch: Sendable {
    let running = Atomic(0)
    let most = Atomic(0)
    let done = Atomic(0)

    func run() {
        most.max(running.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
        running.subtract(1, ordering: .relaxed)
        done.add(1, ordering: .relaxed)
    }
}

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
        let watch = Watch()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<200 {
                        await withCheckedContinuation { continuation in
                            queue.add {
                                watch.run()
                                continuation.resume()
                            }
                        }
                    }
                }
            }
        }
        #expect(watch.most.load(ordering: .relaxed) == 1)
        #expect(watch.done.load(ordering: .relaxed) == 1_600)
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
