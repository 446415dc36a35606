import MartletIO
import Testing

@Suite struct WorkerTests {
    /// Not safe to share; the tests use it on one worker only, and that is what they show.
    ///
    /// `@unchecked Sendable`: used on one worker.
    private final class Counter: @unchecked Sendable {
        var value = 0
    }

    private actor Elsewhere {
        func hello() -> Int { 1 }
    }

    @Test func `a task that prefers a worker runs on it`() async throws {
        let worker = try Worker(index: 0)
        #expect(!worker.isCurrent)
        let isCurrent = await withTaskExecutorPreference(worker) { worker.isCurrent }
        #expect(isCurrent)
    }

    @Test func `a task that a worker runs finds it, and so do the tasks it starts`() async throws {
        let worker = try Worker(index: 7)
        #expect(Worker.current == nil)
        let found = await withCheckedContinuation { (done: CheckedContinuation<Int?, Never>) in
            worker.run {
                let child = Task { Worker.current?.index }
                done.resume(returning: await child.value)
            }
        }
        #expect(found == 7)
    }

    @Test func `jobs from many threads run one at a time and none is lost`() async throws {
        let worker = try Worker(index: 0)
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    for _ in 0..<200 {
                        await withTaskExecutorPreference(worker) { counter.value += 1 }
                    }
                }
            }
        }
        #expect(counter.value == 10_000)
    }

    @Test func `tasks that wake each other without end do not starve deadlines`() async throws {
        let worker = try Worker(index: 0)
        let flag = Counter()
        let turns = await withTaskExecutorPreference(worker) {
            let deadline = Deadline(on: worker) { flag.value = 1 }
            deadline.arm(after: .milliseconds(1))
            var turns = 0
            while flag.value == 0 {
                await Task.yield()
                turns += 1
            }
            return turns
        }
        #expect(turns > 0)
    }

    @Test func `a task comes back to its worker after work elsewhere`() async throws {
        let worker = try Worker(index: 0)
        let elsewhere = Elsewhere()
        let stayed = await withTaskExecutorPreference(worker) {
            for _ in 0..<100 {
                _ = await elsewhere.hello()
                _ = await Task.detached { 1 }.value
                guard worker.isCurrent else { return false }
            }
            return true
        }
        #expect(stayed)
    }

    @Test func `the end of a turn comes after the tasks that could run`() async throws {
        final class Observer: TurnObserver {
            var order: [String] = []
            func turnEnded() { order.append("turn ended") }
        }
        let worker = try Worker(index: 0)
        let order = await withTaskExecutorPreference(worker) {
            let observer = Observer()
            worker.notifyAfterTurn(observer)
            observer.order.append("first")
            await Task.yield()
            observer.order.append("second")
            while observer.order.count < 3 { await Task.yield() }
            return observer.order
        }
        #expect(order == ["first", "second", "turn ended"])
    }
}
