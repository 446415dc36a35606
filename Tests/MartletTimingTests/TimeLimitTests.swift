import MartletTiming
import Synchronization
import Testing

/// An operation that only ends when it is cancelled.
@Sendable private func waitForCancellation() async throws {
    let (never, _) = AsyncStream.makeStream(of: Never.self)
    for await _ in never {}
    try Task.checkCancellation()
}

/// What a limit of the library would keep: whether its observers were told, and how often.
private final class Told: TimeLimitObserver {
    let count = Atomic<Int>(0)

    func timeIsOver() { count.add(1, ordering: .relaxed) }
}

private enum Tag {
    @TaskLocal static var value = "none"
}

@Suite struct TimeLimitTests {
    struct Broken: Error {}

    @Test func `an operation that is done in time is not disturbed`() async throws {
        let time = ManualTime()
        let result = try await withTimeLimit(.seconds(5), time: time.source) {
            time.advance(by: .seconds(4))
            #expect(TimeLimit.current?.remaining == .seconds(1))
            return Task.isCancelled ? "cancelled" : "done"
        }
        #expect(result == "done")
        #expect(TimeLimit.current == nil)
    }

    @Test func `an operation whose time is over is cancelled, and whoever set the limit is not`() async throws {
        let time = ManualTime()
        let error = await #expect(throws: TimeLimitError.self) {
            try await withTimeLimit(.seconds(5), time: time.source) {
                time.advance(by: .seconds(5))
                #expect(TimeLimit.current?.isOver == true)
                #expect(TimeLimit.current?.remaining == .zero)
                try await waitForCancellation()
            }
        }
        #expect(error?.limit == .seconds(5))
        #expect(error?.cause is CancellationError)
        #expect("\(try #require(error))" == "The operation took longer than its limit of 5.0 seconds.")
        #expect(!Task.isCancelled)
    }

    @Test func `the operation's own error is the cause`() async {
        let time = ManualTime()
        let error = await #expect(throws: TimeLimitError.self) {
            try await withTimeLimit(.seconds(5), time: time.source) {
                time.advance(by: .seconds(6))
                throw Broken()
            }
        }
        #expect(error?.cause is Broken)
    }

    @Test func `an error in time is the operation's own`() async {
        await #expect(throws: Broken.self) {
            try await withTimeLimit(.seconds(5), time: ManualTime().source) { throw Broken() }
        }
    }

    @Test func `a result that comes late is returned`() async throws {
        let time = ManualTime()
        let result = try await withTimeLimit(.seconds(5), time: time.source) {
            time.advance(by: .seconds(6))
            return "late"
        }
        #expect(result == "late")
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func `an operation without any time begins cancelled`(_ duration: Duration) async {
        await #expect(throws: TimeLimitError.self) {
            try await withTimeLimit(duration, time: ManualTime().source) { try Task.checkCancellation() }
        }
    }

    @Test func `of two limits the earlier one counts`() async throws {
        let time = ManualTime()
        try await withTimeLimit(.seconds(5), time: time.source) {
            try await withTimeLimit(.seconds(9), time: time.source) {
                #expect(TimeLimit.current?.duration == .seconds(5))
            }
            try await withTimeLimit(.seconds(2), time: time.source) {
                #expect(TimeLimit.current?.duration == .seconds(2))
            }
            #expect(TimeLimit.current?.duration == .seconds(5))
        }
    }

    @Test func `a task that outlives its limit is not held to it`() async throws {
        let time = ManualTime()
        let (limit, outliving) = try await withTimeLimit(.seconds(5), time: time.source) {
            (TimeLimit.current, Task { TimeLimit.current?.isOver })
        }
        time.advance(by: .seconds(60))
        #expect(await outliving.value == false)
        #expect(limit?.isOver == false)
    }

    @Test func `the operation sees what is bound to the task`() async throws {
        try await Tag.$value.withValue("bound") {
            let value = try await withTimeLimit(.seconds(1), time: ManualTime().source) { Tag.value }
            #expect(value == "bound")
        }
    }

    @Test func `the cancellation of the outer task reaches the operation, and is no time-out`() async {
        let task = Task {
            try await withTimeLimit(.seconds(1_000), time: ManualTime().source) { try await waitForCancellation() }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `an observer that was taken out is not told`() {
        let (time, first, second) = (ManualTime(), Told(), Told())
        let queue = TimeLimitQueue(time.source)
        let limit = queue.begin(.seconds(1)).limit
        #expect(limit.add(first))
        #expect(limit.add(second))
        limit.remove(first)
        time.advance(by: .seconds(1))
        #expect(first.count.load(ordering: .relaxed) == 0)
        #expect(second.count.load(ordering: .relaxed) == 1)
        #expect(!limit.add(first))
    }
}

@Suite struct TimeLimitQueueTests {
    @Test func `limits of several durations each pass at their own end`() {
        let time = ManualTime()
        let queue = TimeLimitQueue(time.source)
        let long = queue.begin(.seconds(10))
        let short = queue.begin(.seconds(1))
        time.advance(by: .milliseconds(500))
        let later = queue.begin(.seconds(1))
        time.advance(by: .milliseconds(499))
        #expect(!short.limit.isOver)
        time.advance(by: .milliseconds(1))
        #expect(short.limit.isOver)
        #expect(!later.limit.isOver)
        time.advance(by: .milliseconds(500))
        #expect(later.limit.isOver)
        #expect(!long.limit.isOver)
        time.advance(by: .seconds(8.5))
        #expect(long.limit.isOver)
    }

    @Test func `a limit that has ended does not pass, and those behind it do`() {
        let time = ManualTime()
        let queue = TimeLimitQueue(time.source)
        let tickets = (0..<1_000).map { _ in queue.begin(.seconds(1)) }
        for (number, ticket) in tickets.enumerated() where number % 3 != 0 { queue.end(ticket) }
        time.advance(by: .seconds(1))
        for (number, ticket) in tickets.enumerated() { #expect(ticket.limit.isOver == (number % 3 == 0)) }
        for (number, ticket) in tickets.enumerated() where number % 3 == 0 { queue.end(ticket) }
        let next = queue.begin(.seconds(1))
        time.advance(by: .seconds(1))
        #expect(next.limit.isOver)
    }

    @Test func `a queue on the system's clock passes its limits`() async {
        let queue = TimeLimitQueue(.system)
        let ticket = queue.begin(.milliseconds(1))
        await #expect(throws: CancellationError.self) { try await ticket.limit.run { try await waitForCancellation() } }
        #expect(ticket.limit.isOver)
    }
}
