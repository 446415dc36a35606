import Testing

@testable import MartletIO

@Suite struct DeadlineTests {
    private final class Log {
        var numbers: [Int] = []
    }

    @Test func `deadlines expire in the order of their moments`() async throws {
        let worker = try Worker(index: 0)
        let order = await withTaskExecutorPreference(worker) {
            let log = Log()
            let deadlines = [(3, 6), (1, 2), (2, 4)].map { number, delay in
                let deadline = Deadline(on: worker) { log.numbers.append(number) }
                deadline.arm(after: .milliseconds(delay))
                return deadline
            }
            while log.numbers.count < deadlines.count { await Task.yield() }
            return log.numbers
        }
        #expect(order == [1, 2, 3])
    }

    @Test func `an idle worker wakes for a deadline`() async throws {
        let worker = try Worker(index: 0)
        await withTaskExecutorPreference(worker) {
            let start = worker.now
            await withUnsafeContinuation { (done: UnsafeContinuation<Void, Never>) in
                let deadline = Deadline(on: worker) { done.resume() }
                // Longer than the worker stays in its loop without work.
                deadline.arm(after: .milliseconds(20))
            }
            #expect(worker.now >= start + .milliseconds(20))
        }
    }

    @Test func `the queue gives each deadline at its latest setting`() async throws {
        let worker = try Worker(index: 0)
        await withTaskExecutorPreference(worker) {
            var queue = DeadlineQueue()
            let log = Log()
            let deadlines = (0..<100).map { number in Deadline(on: worker) { log.numbers.append(number) } }
            // In an order that is neither rising nor falling: 37 and 100 have no common divisor.
            for number in 0..<100 {
                queue.insert(deadlines[number], at: Moment(nanoseconds: UInt64(number * 37 % 100)))
            }
            var moments: [UInt64] = []
            while queue.next != .distantFuture {
                moments.append(queue.next.nanoseconds)
                #expect(queue.popExpired(Moment(nanoseconds: queue.next.nanoseconds)) == nil)
            }
            #expect(moments == Array(0..<100))
            #expect(log.numbers.isEmpty, "None was armed, so none may expire.")
        }
    }

    @Test func `a deadline that was postponed or taken back does not expire early`() async throws {
        let worker = try Worker(index: 0)
        let order = await withTaskExecutorPreference(worker) {
            let log = Log()
            let postponed = Deadline(on: worker) { log.numbers.append(1) }
            let takenBack = Deadline(on: worker) { log.numbers.append(2) }
            let broughtForward = Deadline(on: worker) { log.numbers.append(3) }
            let last = Deadline(on: worker) { log.numbers.append(4) }
            postponed.arm(after: .milliseconds(1))
            postponed.arm(after: .milliseconds(6))
            takenBack.arm(after: .milliseconds(1))
            takenBack.disarm()
            broughtForward.arm(after: .seconds(1_000))
            broughtForward.arm(after: .milliseconds(2))
            last.arm(after: .milliseconds(10))
            while log.numbers.last != 4 { await Task.yield() }
            return log.numbers
        }
        #expect(order == [3, 1, 4])
    }

    @Test(arguments: [
        (Duration.seconds(-1), UInt64(0)), (.zero, 0), (.nanoseconds(1), 1), (.milliseconds(1_500), 1_500_000_000),
        (.seconds(Int64.max), .max),
    ])
    func `a duration of any size becomes a number of nanoseconds`(_ duration: Duration, _ nanoseconds: UInt64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
    }

    @Test func `a moment beyond counting is the distant future`() {
        #expect(Moment.now + .seconds(Int64.max) == .distantFuture)
    }
}
