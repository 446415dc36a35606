import FoundationEssentials
import MartletORM
import Testing

/// A number of 64 bits with a point, and an optional one.
struct Reading: Model {
    var id = 0
    var value = 0.0
    var maybe: Double?
    var isGood = false
    var maybeGood: Bool?

    static let appLabel = "fields"
    static let table = Table<Reading>(
        .auto(\.id), .float(\.value), .float(\.maybe), .bool(\.isGood), .bool(\.maybeGood))
}

@Suite(.models(Reading.self)) struct FloatFieldTests {
    static let numbers = [
        0.1, -0.0, 0.1 + 0.2, 1e-300, 123_456_789.123_456_79, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, .infinity, -.infinity, 9_007_199_254_740_993, 5e-324,
    ]

    @Test func `numbers come back to the last bit and are found by themselves`() async throws {
        for number in Self.numbers {
            let made = try await Reading.objects.create(Reading(value: number, maybe: number))
            let found = try await Reading.objects.get { $0.id == made.id }
            #expect(found.value == number && found.maybe == number, "\(number)")
            #expect(
                try await Reading.objects.filter { $0.value == number && $0.id == made.id }.count() == 1, "\(number)")
            #expect(try await Reading.objects.filter { $0.maybe.in([number]) && $0.id == made.id }.count() == 1)
        }
        let ordered = try await Reading.objects.order { ($0.value, $0.id) }.values { $0.value }
        #expect(ordered == Self.numbers.sorted())
        #expect(try await Reading.objects.filter { $0.value > 1e308 }.count() == 2)
        #expect(try await Reading.objects.filter { $0.value < -1e308 }.count() == 2)
        #expect(try await Reading.objects.filter { $0.value == 0.3 }.count() == 0, "0.1 + 0.2 is another number")
    }

    @Test func `null, true and false are three things`() async throws {
        for flag in [nil, true, false] as [Bool?] {
            try await Reading.objects.create(Reading(isGood: flag ?? false, maybeGood: flag))
        }
        func count(_ condition: (Columns<Reading>) -> Condition) async throws -> Int {
            try await Reading.objects.filter(condition).count()
        }
        #expect(try await count { $0.maybeGood == true } == 1)
        #expect(try await count { $0.maybeGood == false } == 1)
        #expect(try await count { $0.maybeGood.isNull } == 1)
        #expect(try await count { $0.maybeGood != true } == 2)
        #expect(try await Reading.objects.exclude { $0.maybeGood == false }.count() == 2)
        #expect(try await count { $0.isGood == true } == 1)
        #expect(try await Reading.objects.order { $0.id }.values { $0.maybeGood } == [nil, true, false])
        #expect(try await Reading.objects.filter { $0.maybe.isNull }.update { $0.isGood = true } == 3)
        #expect(try await count { $0.isGood == true } == 3)
    }
}
