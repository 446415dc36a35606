import MartletLogging
import MartletTiming
import MartletTracing
import Synchronization
import Testing

/// Takes batches of spans.
private final class Receiver: Sendable {
    struct Failure: Error {}

    private let state = Mutex<(batches: [[String]], fails: Bool)>(([], false))

    var batches: [[String]] { state.withLock { $0.batches } }

    func fail(_ fails: Bool) { state.withLock { $0.fails = fails } }

    @Sendable func take(_ spans: [Span]) async throws {
        try state.withLock { state in
            if state.fails { throw Failure() }
            state.batches.append(spans.map(\.name))
        }
    }
}

struct RecorderTests {
    private static func span(_ name: String) -> Span {
        let place = SpanPlace(
            traceID: "4bf92f3577b34da6a3ce929d0e0e4736", spanID: "00f067aa0ba902b7", parentSpanID: nil)
        return Span(name, .internal, at: place, start: .seconds(1), duration: .seconds(1))
    }

    private static func limits(waiting: Int = 100, batch: Int) -> SpanRecorder.Limits {
        var limits = SpanRecorder.Limits()
        limits.waiting = waiting
        limits.batch = batch
        return limits
    }

    @Test func `spans are sent in batches, in order`() async {
        let (receiver, time) = (Receiver(), ManualTime())
        let recorder = SpanRecorder(limits: Self.limits(batch: 2), time: time.source, send: receiver.take)
        for name in ["a", "b", "c"] { recorder.record(Self.span(name)) }
        await recorder.flush()
        #expect(receiver.batches.flatMap(\.self) == ["a", "b", "c"])
        #expect(receiver.batches.allSatisfy { $0.count <= 2 })
        #expect(recorder.statistics.sent == 3)
    }

    @Test func `a batch that does not fill is sent after its delay`() async {
        let (receiver, time) = (Receiver(), ManualTime())
        let recorder = SpanRecorder(limits: Self.limits(batch: 100), time: time.source, send: receiver.take)
        recorder.record(Self.span("a"))
        time.advance(by: .milliseconds(4_999))
        #expect(receiver.batches.isEmpty)
        time.advance(by: .milliseconds(1))
        await recorder.flush()
        recorder.record(Self.span("b"))
        time.advance(by: .seconds(5))
        await recorder.flush()
        #expect(receiver.batches == [["a"], ["b"]])
    }

    @Test func `beyond the limit spans are dropped and counted`() async {
        let (receiver, time) = (Receiver(), ManualTime())
        let recorder = SpanRecorder(limits: Self.limits(waiting: 2, batch: 50), time: time.source, send: receiver.take)
        for name in ["a", "b", "c", "d"] { recorder.record(Self.span(name)) }
        await recorder.flush()
        #expect(receiver.batches == [["a", "b"]])
        #expect(recorder.statistics.dropped == 2)
        recorder.record(Self.span("e"))
        await recorder.flush()
        #expect(recorder.statistics.sent == 3)
    }

    @Test func `a receiver that fails loses its batch, which is counted, and told once until it is back`() async {
        let (receiver, time, sink) = (Receiver(), ManualTime(), MemorySink())
        await Logger.with(LogSettings(sink: sink)) {
            let recorder = SpanRecorder(limits: Self.limits(batch: 1), time: time.source, send: receiver.take)
            receiver.fail(true)
            for name in ["a", "b"] {
                recorder.record(Self.span(name))
                await recorder.flush()
            }
            receiver.fail(false)
            for name in ["c", "d"] {
                recorder.record(Self.span(name))
                await recorder.flush()
            }
            #expect(recorder.statistics.failed == 2)
            #expect(receiver.batches == [["c"], ["d"]])
        }
    }

    @Test func `an operation of one's own only runs where nothing is recorded`() async throws {
        #expect(try await withSpan("work") { 3 } == 3)
    }
}
