import FoundationEssentials
import MartletORM
import Testing

@Suite(.models(Product.self)) struct DecimalTests {
    private static func decimal(_ text: String) throws -> Decimal { try #require(Decimal(string: text)) }

    static let numbers = [
        "0", "0.1", "0.3", "10.08", "10.80", "-10.8", "10000", "1", "99999999.99", "-99999999.99", "0.01", "12345678.9",
    ]

    @Test(arguments: numbers)
    func `a number of few digits is what it was`(_ text: String) async throws {
        let number = try Self.decimal(text)
        let product = try await Product.objects.create(Product(price: number))
        #expect(try await Product.objects.get { $0.price == number }.id == product.id)
        #expect(try await Product.objects.all().map(\.price) == [number])
    }

    static let longNumbers = [
        "9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999", "0.0000000001",
        "1234567890123456789012345678", "1234567890123456.1", "1000000000000000000000000000", "0.1", "10.08", "-3",
    ]

    @Test(arguments: longNumbers)
    func `a number of up to 38 digits is what it was`(_ text: String) async throws {
        let number = try Self.decimal(text)
        let product = try await Product.objects.create(Product(exact: number))
        #expect(try await Product.objects.get { $0.exact == number }.id == product.id)
        #expect(try await Product.objects.all().map(\.exact) == [number])
    }

    @Test func `long numbers are ordered and compared as numbers, and unique by their value`() async throws {
        for text in Self.longNumbers { try await Product.objects.create(Product(exact: Self.decimal(text))) }
        let sorted = try Self.longNumbers.map(Self.decimal).sorted()
        #expect(try await Product.objects.order { $0.exact.ascending }.all().map(\.exact) == sorted)
        for limit in sorted {
            let below = sorted.filter { $0 < limit }
            #expect(try await Product.objects.filter { $0.exact < limit }.count() == below.count, "\(limit)")
        }
        let error = await #expect(throws: DatabaseError.self) {
            try await Product.objects.create(Product(exact: Self.decimal("1000000000000000000000000000.0")))
        }
        #expect(error?.kind == .uniqueViolation)
    }

    @Test func `numbers are ordered by their value, not their text`() async throws {
        let numbers = ["9", "10", "-2", "-10", "0.5", "0.25"]
        for text in numbers {
            try await Product.objects.create(Product(price: Self.decimal(text), exact: Self.decimal(text)))
        }
        let sorted = try numbers.map(Self.decimal).sorted()
        #expect(try await Product.objects.order { $0.price.ascending }.all().map(\.price) == sorted)
        #expect(try await Product.objects.order { $0.exact.ascending }.all().map(\.exact) == sorted)
    }

    @Test func `a tenth and two tenths are three tenths, also in the database`() async throws {
        let (tenth, two, three) = try (Self.decimal("0.1"), Self.decimal("0.2"), Self.decimal("0.3"))
        #expect(tenth + two == three)
        try await Product.objects.create(Product(price: tenth, exact: tenth))
        let sums = Product.objects.filter { $0.price + two == three && $0.exact + two == three }
        #expect(try await sums.count() == 1)
        try await Product.objects.update {
            $0.price = $0.price + two; $0.exact = $0.exact + two
        }
        #expect(try await Product.objects.filter { $0.price == three && $0.exact == three }.count() == 1)
        let product = try await Product.objects.get { $0.price == three }
        #expect(product.price == three && product.exact == three)
        let long = try Self.decimal("1234567890123456789012345678.0000000001")
        try await Product.objects.update { $0.exact = $0.exact + long }
        let sum = try Self.decimal("1234567890123456789012345678.3000000001")
        #expect(try await Product.objects.all().map(\.exact) == [sum])
    }

    @Test func `what is computed is rounded to the column's places`() async throws {
        try await Product.objects.create(Product(price: Self.decimal("10.05")))
        let factor = try Self.decimal("1.1")
        try await Product.objects.update { $0.price = $0.price * factor }
        // 11.055: databases round a half away from zero.
        let rounded = try Self.decimal("11.06")
        #expect(try await Product.objects.all().map(\.price) == [rounded])
        #expect(try await Product.objects.filter { $0.price == rounded }.count() == 1)
    }

    @Test func `what is saved is rounded to the column's places, a half to the even digit`() async throws {
        // As Python's decimals: 10.005 and 10.015.
        for (written, stored) in [("10.005", "10"), ("10.015", "10.02"), ("10.0149", "10.01"), ("-0.005", "0")] {
            let product = try await Product.objects.create(
                Product(price: Self.decimal(written), exact: Self.decimal(written)))
            let found = try await Product.objects.get { $0.id == product.id }
            #expect(try found.price == Self.decimal(stored) && found.exact == Self.decimal(written), "\(written)")
        }
    }

    @Test func `what is not a number is refused`() async throws {
        let error = await #expect(throws: DatabaseError.self) { try await Product.objects.create(Product(price: .nan)) }
        #expect(error?.kind == .invalidValue)
        await #expect(throws: DatabaseError.self) { try await Product.objects.filter { $0.price == Decimal.nan }.all() }
    }
}
