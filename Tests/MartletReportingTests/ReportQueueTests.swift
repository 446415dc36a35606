import MartletLogging
import MartletReporting
import Synchronization
import Testing

@Suite struct ReportQueueTests {
    struct Numbered: Error { let number: Int }

    /// Notes the numbers it is told, each after a gate has opened.
    final class Gated: ErrorReporter {
        private let seen = Mutex<[Int]>([])
        private let gate: AsyncStream<Void>
        let open: AsyncStream<Void>.Continuation
        var numbers: [Int] { seen.withLock { $0 } }

        init() { (gate, open) = AsyncStream.makeStream() }

        func capture(_ error: any Error, _ context: ErrorContext) async {
            for await _ in gate { break }
            if !Task.isCancelled, let error = error as? Numbered { seen.withLock { $0.append(error.number) } }
        }
    }

    @Test func `reports are told in order, and those that are too many are dropped and counted`() async {
        let sink = MemorySink()
        let reporter = Gated()
        await Logger.with(LogSettings(sink: sink)) {
            let queue = ReportQueue([reporter], limit: 3)
            for number in 1...5 { queue.submit(Numbered(number: number), ErrorContext()) }
            for _ in 1...3 { reporter.open.yield() }
            await queue.drain()
            #expect(reporter.numbers == [1, 2, 3])
            queue.submit(Numbered(number: 6), ErrorContext())
            reporter.open.yield()
            await queue.drain()
            #expect(reporter.numbers == [1, 2, 3, 6])
        }
        #expect(sink.events.map(\.name) == ["error_reports_dropped", "error_reports_resumed"])
        #expect(sink.events.last?["dropped"] == 2.logDatum)
    }

    @Test func `one reporter does not hold up another`() async {
        let stuck = Gated()
        let quick = Gated()
        let queue = ReportQueue([stuck, quick])
        quick.open.yield()
        queue.submit(Numbered(number: 1), ErrorContext())
        while quick.numbers.isEmpty { await Task.yield() }
        #expect(stuck.numbers.isEmpty)
        stuck.open.yield()
        await queue.drain()
        #expect(stuck.numbers == [1])
    }

    @Test func `what waits at shutdown is told, but a reporter that hangs is given up`() async {
        let reporter = Gated()
        reporter.open.yield()
        let queue = ReportQueue([reporter])
        queue.submit(Numbered(number: 1), ErrorContext())
        await queue.close(grace: .seconds(60))
        #expect(reporter.numbers == [1])

        let sink = MemorySink()
        await Logger.with(LogSettings(sink: sink)) {
            let hanging = ReportQueue([Gated()])
            hanging.submit(Numbered(number: 2), ErrorContext())
            await hanging.close(grace: .zero)
        }
        #expect(sink.events.map(\.name) == ["error_reports_abandoned"])
    }
}
