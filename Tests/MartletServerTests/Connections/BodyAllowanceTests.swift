import MartletIO
import MartletServer
import Testing

@Suite struct BodyAllowanceTests {
    struct Step: Sendable {
        /// Seconds that somebody waits.
        let wait: Double
        /// Bytes that come then.
        let bytes: Int
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var rate = 100
        let steps: [Step]
        /// Seconds that are left of 10.
        let left: Double
    }

    static let examples = [
        Example(testDescription: "nothing has happened", steps: [], left: 10),
        Example(testDescription: "a body that stands still", steps: [Step(wait: 9, bytes: 0)], left: 1),
        Example(testDescription: "a body that stands still too long", steps: [Step(wait: 11, bytes: 0)], left: 0),
        Example(
            testDescription: "the lowest rate", steps: Array(repeating: Step(wait: 1, bytes: 100), count: 1_000),
            left: 10),
        Example(
            testDescription: "half of the lowest rate", steps: Array(repeating: Step(wait: 1, bytes: 50), count: 10),
            left: 5),
        Example(
            testDescription: "a byte a second", steps: Array(repeating: Step(wait: 1, bytes: 1), count: 10), left: 0.1),
        Example(
            testDescription: "much at first saves nothing up",
            steps: [Step(wait: 0, bytes: 1_000_000), Step(wait: 9, bytes: 0)], left: 1),
        Example(
            testDescription: "no rate: any byte is enough", rate: 0,
            steps: [Step(wait: 9, bytes: 1), Step(wait: 9, bytes: 1)], left: 10),
        Example(testDescription: "no rate, and no byte", rate: 0, steps: [Step(wait: 9, bytes: 0)], left: 1),
        Example(testDescription: "a number too large to count", steps: [Step(wait: 9, bytes: .max)], left: 10),
        Example(testDescription: "a rate below zero is none", rate: -5, steps: [Step(wait: 9, bytes: 1)], left: 10),
    ]

    @Test(arguments: examples)
    func `waiting uses the time up and bytes give it back`(_ example: Example) {
        var allowance = BodyAllowance(10_000_000_000, bytesPerSecond: example.rate)
        var moment = Moment.now
        for step in example.steps {
            let end = moment + .nanoseconds(Int64(step.wait * 1e9))
            allowance.wait(from: moment, to: end)
            allowance.receive(step.bytes)
            // A view that works on what it has got for an hour takes nothing off.
            moment = end + .seconds(3_600)
        }
        #expect(allowance.left == UInt64(example.left * 1e9))
    }

    @Test func `a clock that goes backwards takes nothing off`() {
        var allowance = BodyAllowance(1_000, bytesPerSecond: 1)
        let now = Moment.now
        allowance.wait(from: now + .seconds(1), to: now)
        #expect(allowance.left == 1_000)
    }
}
