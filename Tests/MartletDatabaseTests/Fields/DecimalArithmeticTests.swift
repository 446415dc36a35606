import FoundationEssentials
import MartletORM
import Testing

/// Decimals that the database computes: PostgreSQL's `numeric` on both databases, whose results are what is expected.
@Suite(.models(Product.self)) struct DecimalArithmeticTests {
    private static func decimal(_ text: String) throws -> Decimal { try #require(Decimal(string: text)) }

    /// The only product there is.
    private func product(_ price: String, _ exact: String) async throws {
        try await Product.objects.delete()
        try await Product.objects.create(Product(price: try Self.decimal(price), exact: try Self.decimal(exact)))
    }

    struct Quotient: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let price: String
        let exact: String
        /// Of `price / exact`, `exact / price`, `price % exact`; nil for null.
        let expected: [String?]

        init(_ name: String, _ price: String, _ exact: String, _ expected: [String?]) {
            testDescription = name
            (self.price, self.exact, self.expected) = (price, exact, expected)
        }
    }

    // `price` is numeric(10, 2), `exact` numeric(38, 10).
    static let quotients = [
        Quotient("whole", "10", "4", ["2.5", "0.4", "2"]),
        Quotient("thirds", "1", "3", ["0.33333333333333333333", "3", "1"]),
        Quotient("two thirds are rounded up", "2", "3", ["0.66666666666666666667", "1.5", "2"]),
        Quotient("below zero", "-7.5", "2", ["-3.75", "-0.26666666666666666667", "-1.5"]),
        Quotient("a divisor below zero", "7.5", "-2", ["-3.75", "-0.26666666666666666667", "1.5"]),
        Quotient("both with places", "10.08", "0.1", ["100.8", "0.00992063492063492063", "0.08"]),
        Quotient("a small one", "0.01", "12345678.9", ["0.0000000008100000073710000671", "1234567890", "0.01"]),
        Quotient(
            "a large one", "99999999.99", "0.0000000007",
            ["142857142842857142.8571428571", "0.0000000000000000070000000007", "0.0000000006"]),
        Quotient("sevenths", "1", "7", ["0.14285714285714285714", "7", "1"]),
        Quotient("nothing", "0", "3", ["0", nil, "0"]),
    ]

    @Test(arguments: quotients)
    func `quotients and remainders have PostgreSQL's digits`(_ example: Quotient) async throws {
        try await product(example.price, example.exact)
        let rows: [(Decimal?, Decimal?, Decimal?)] = try await Product.objects.values {
            ($0.price / $0.exact, $0.exact / $0.price, $0.price % $0.exact)
        }
        let found = [rows[0].0, rows[0].1, rows[0].2]
        for (index, expected) in example.expected.enumerated() {
            #expect(try found[index] == expected.map(Self.decimal), "\(index)")
        }
        if let first = try example.expected[0].map(Self.decimal) {
            #expect(try await Product.objects.filter { $0.price / $0.exact == first }.count() == 1)
            #expect(try await Product.objects.filter { $0.price / $0.exact > first }.count() == 0)
            #expect(try await Product.objects.filter { $0.price / $0.exact < first + 1 }.count() == 1)
        }
    }

    @Test func `a value may stand on either side`() async throws {
        try await product("10.08", "3")
        let (three, third) = (Decimal(3), try Self.decimal("3.36"))
        let rows: [(Decimal, Decimal?, Decimal)] = try await Product.objects.values {
            ($0.price / three, three / $0.price, $0.price % three)
        }
        #expect(rows[0].0 == third)
        #expect(try rows[0].1 == Self.decimal("0.29761904761904761905"))
        #expect(try rows[0].2 == Self.decimal("1.08"))
        await #expect(throws: ORMError.self) { try await Product.objects.values { $0.price / Decimal(0) } }
        await #expect(throws: ORMError.self) { try await Product.objects.values { $0.price % Decimal(0) } }
    }

    static let sums = [
        ["0.1", "0.2"], ["99999999.99", "0.01"], ["-5", "5", "0.01"], ["10.08"],
        Array(repeating: "0.1", count: 10), Array(repeating: "99999999.99", count: 12),
    ]

    @Test(arguments: sums)
    func `sums and averages lose no digit`(_ texts: [String]) async throws {
        let numbers = try texts.map(Self.decimal)
        try await Product.objects.createMany(numbers.indices.map { Product(price: numbers[$0], exact: Decimal($0)) })
        let total = numbers.reduce(0, +)
        let (sum, mean, most) = try await Product.objects.aggregate {
            ($0.price.sum(), $0.price.average(), $0.price.max())
        }
        #expect(sum == total && most == numbers.max())
        // 20 digits behind the point, as PostgreSQL gives a small number's third.
        let exact = try #require(ExactDecimal(total)?.divided(by: ExactDecimal(Int64(numbers.count)), atLeast: 2))
        #expect(mean == exact.decimal)
        let same = numbers.filter { $0 == total }
        let sumOfSame = try await Product.objects.filter { $0.price == total }.aggregate { $0.price.sum(default: 7) }
        #expect(sumOfSame == (same.isEmpty ? 7 : same.reduce(0, +)))
        let running = try await Product.objects.order { $0.id }.values { $0.price.sum().over(orderBy: $0.id.ascending) }
        #expect(running.last == total)
    }

    @Test func `sums of 38 digits are exact, and compared as numbers`() async throws {
        let long = try ["9007199254740993.0000000001", "1234567890123456789012345678.5"].map(Self.decimal)
        try await Product.objects.createMany(long.map { Product(exact: $0) })
        let total = try Self.decimal("1234567890132463988267086671.5000000001")
        #expect(try await Product.objects.aggregate { $0.exact.sum() } == total)
        #expect(try await Product.objects.aggregate { $0.exact.sum(distinct: true) } == total)
        #expect(
            try await Product.objects.aggregate { $0.exact.sum(filter: $0.exact > Decimal(10_000_000_000_000_000)) }
                == long[1])
        let above = Product.objects.filter { $0.exact + Decimal(1) > Decimal(9_007_199_254_740_994) }
        #expect(try await above.count() == 2)
        #expect(try await Product.objects.filter { -$0.exact < Decimal(0) }.count() == 2)
        #expect(try await Product.objects.filter { $0.exact * Decimal(2) <= total }.count() == 1)
    }

    @Test func `a sum without rows is nil, or what was given instead`() async throws {
        #expect(try await Product.objects.aggregate { $0.price.sum() } == nil)
        #expect(try await Product.objects.aggregate { $0.price.average() } == nil)
        #expect(try await Product.objects.aggregate { $0.price.sum(default: 0) } == 0)
        let rows: [Decimal?] = try await Product.objects.values { $0.price.sum() }
        #expect(rows == [nil])
    }

    @Test func `a running frame takes away what it leaves`() async throws {
        let texts = ["0.1", "0.2", "10.08", "-3"]
        try await Product.objects.createMany(
            texts.indices.map { Product(price: try Self.decimal(texts[$0]), exact: Decimal($0)) })
        let sums: [Decimal?] = try await Product.objects.order { $0.id }.values {
            $0.price.sum().over(orderBy: $0.id.ascending, frame: .rows(from: .preceding(1)))
        }
        #expect(try sums == ["0.1", "0.3", "10.28", "7.08"].map(Self.decimal))
        let means: [Decimal?] = try await Product.objects.order { $0.id }.values {
            $0.price.average().over(orderBy: $0.id.ascending, frame: .rows(from: .preceding(1)))
        }
        #expect(try means == ["0.1", "0.15", "5.14", "3.54"].map(Self.decimal))
    }

    @Test func `functions of decimals are exact`() async throws {
        let long = "-1234567890123456789012345678.4500000001"
        try await product("2.68", long)
        let rows: [(Decimal, Decimal, Decimal, Decimal, Decimal)] = try await Product.objects.values {
            ($0.exact.abs(), -$0.exact, $0.exact.floor(), $0.exact.ceil(), $0.exact.round(1))
        }
        let found = [rows[0].0, rows[0].1, rows[0].2, rows[0].3, rows[0].4]
        let digits = "1234567890123456789012345678"
        let expected = [
            "\(digits).4500000001", "\(digits).4500000001", "-\(digits.dropLast())9", "-\(digits)", "-\(digits).5",
        ]
        #expect(try found == expected.map(Self.decimal))
        let chosen: [(Decimal, Decimal)] = try await Product.objects.values {
            (greatest($0.exact, $0.price), least($0.exact, $0.price))
        }
        #expect(try chosen[0] == (Self.decimal("2.68"), Self.decimal(long)))
        let texts: [(String, String, Int)] = try await Product.objects.values {
            (
                $0.price.cast(to: String.self), $0.exact.cast(to: String.self),
                ($0.price + Decimal(0.5)).cast(to: Int.self)
            )
        }
        #expect(texts[0] == ("2.68", long, 3))
        let numbers: [Decimal] = try await Product.objects.values { _ in Expr(" 10.080 ").cast(to: Decimal.self) }
        #expect(try numbers == [Self.decimal("10.08")])
        let halves: [Int] = try await Product.objects.values { _ in Expr(Decimal(2.5)).cast(to: Int.self) }
        #expect(halves == [3])
        let error = await #expect(throws: DatabaseError.self) {
            try await Product.objects.values { _ in Expr("ten").cast(to: Decimal.self) }
        }
        #expect(error?.kind == .invalidValue)
    }

    @Test func `whatever an update computes is rounded to the column's places`() async throws {
        let third = try Self.decimal("3.333")
        for (name, change) in updates(third) {
            try await product("10", "3.335")
            try await Product.objects.update { change(&$0) }
            #expect(try await Product.objects.filter { $0.price == $0.price.round(2) }.count() == 1, "\(name)")
            let stored = try await Product.objects.get().price
            #expect(try [Self.decimal("3.33"), Self.decimal("3.34")].contains(stored), "\(name): \(stored)")
            #expect(try await Product.objects.filter { $0.price == stored }.count() == 1, "\(name)")
        }
    }

    private typealias Change = @Sendable (inout Assignments<Product>) -> Void

    private func updates(_ third: Decimal) -> [(String, Change)] {
        [
            ("another column", { $0.price = $0.exact }),
            ("a quotient", { $0.price = $0.price / Decimal(3) }),
            ("a case", { $0.price = when($0.price > Decimal(1), then: third).else(Decimal(0)) }),
            ("a function", { $0.price = coalesce($0.exact.nullIf(Decimal(1)), $0.price.optional) ?? third }),
            ("a subquery", { $0.price = Product.objects.subquery { $0.exact.max() } ?? third }),
        ]
    }
}
