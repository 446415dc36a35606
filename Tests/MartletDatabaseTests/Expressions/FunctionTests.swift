import FoundationEssentials
import MartletORM
import Testing

/// Functions and arithmetic, worked out by hand; both databases must say the same.
@Suite(.library) struct FunctionTests {
    struct Example<V: FieldValue & Equatable>: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let expected: V?
        let expression: @Sendable (Columns<Person>) -> Expr<V>

        init(_ name: String, _ expected: V?, _ expression: @escaping @Sendable (Columns<Person>) -> Expr<V>) {
            testDescription = name
            self.expected = expected
            self.expression = expression
        }
    }

    /// Asks for each expression of the one person there is.
    private func check<V>(
        _ examples: [Example<V>], _ isExpected: (V?, Example<V>) -> Bool = { $0 == $1.expected }
    ) async throws where V.Unwrapped == V {
        try await makePerson()
        for example in examples {
            let found = try await value(example)
            #expect(isExpected(found, example), "\(example.testDescription): \(String(describing: found))")
        }
    }

    private func makePerson() async throws {
        try await Person.objects.create(Person(name: "Ünal O'Hara", nickname: "  Al "))
    }

    private func value<V>(_ example: Example<V>) async throws -> V? where V.Unwrapped == V {
        let rows: [V?] = try await Person.objects.values { example.expression($0).optional }
        return try #require(rows.first)
    }

    static let texts: [Example<String>] = [
        Example("upper", "AL") { _ in Expr("al").upper() },
        Example("lower", "al") { _ in Expr("AL").lower() },
        Example("trim", "Al") { _ in Expr("  Al ").trim() },
        Example("ltrim", "Al ") { _ in Expr("  Al ").ltrim() },
        Example("rtrim", "  Al") { _ in Expr("  Al ").rtrim() },
        Example("left counts characters", "Ün") { $0.name.left(2) },
        Example("left of nothing", "") { $0.name.left(0) },
        Example("left of more than there is", "Ünal O'Hara") { $0.name.left(99) },
        Example("right", "ra") { $0.name.right(2) },
        Example("right of nothing", "") { $0.name.right(0) },
        Example("right of more than there is", "Ünal O'Hara") { $0.name.right(99) },
        Example("substr", "nal") { $0.name.substr(2, 3) },
        Example("substr to the end", "O'Hara") { $0.name.substr(6) },
        Example("substr beyond the end", "") { $0.name.substr(99, 3) },
        Example("replace takes its texts literally", "Ünal O\"%Hara") { $0.name.replace("'", with: "\"%") },
        Example("reverse", "araH'O lanÜ") { $0.name.reverse() },
        Example("reverse of a family keeps code points", "b\u{1F467}a") { _ in Expr("a\u{1F467}b").reverse() },
        Example("repeat", "ababab") { _ in Expr("ab").repeat(3) },
        Example("repeat never", "") { _ in Expr("ab").repeat(0) },
        Example("lpad", "xyxab") { _ in Expr("ab").lpad(5, "xy") },
        Example("lpad cuts", "ab") { _ in Expr("abcd").lpad(2, "x") },
        Example("lpad with nothing", "ab") { _ in Expr("ab").lpad(5, "") },
        Example("rpad", "abxyx") { _ in Expr("ab").rpad(5, "xy") },
        Example("chr", "ü") { _ in Expr(252).chr() },
        Example("concat takes null for empty", "Ünal O'Hara-") { concat($0.name, Expr<String?>(nil), Expr("-")) },
        Example("plus", "<Ünal O'Hara>") { "<" + $0.name + ">" },
        Example("coalesce takes the first that is not null", "x") { _ in Expr<String?>(nil) ?? "x" },
        Example("coalesce of a column", "  Al ") { $0.nickname ?? $0.name },
        Example("md5", "900150983cd24fb0d6963f7d28e17f72") { _ in Expr("abc").md5() },
        Example("sha224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7") { _ in Expr("abc").sha224() },
        Example("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") { _ in
            Expr("abc").sha256()
        },
        Example(
            "sha384",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
        ) { _ in Expr("abc").sha384() },
        Example(
            "sha512",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ) { _ in Expr("abc").sha512() },
        Example("case: the first condition that holds", "b") {
            when($0.name == "x", then: "a").when($0.id > 0, then: "b").when($0.id > 0, then: "c").else("d")
        },
        Example("case: else", "d") { when($0.name == "x", then: "a").else("d") },
        Example("case: an expression", "Ünal O'Hara") { when($0.isActive, then: $0.name).else("d") },
        Example("cast of a number", "12") { _ in Expr(12).cast(to: String.self) },
        Example("cast of a fraction", "1.5") { _ in Expr(1.5).cast(to: String.self) },
        Example("cast of a fraction that is none", "2") { _ in Expr(2.0).cast(to: String.self) },
        Example("cast of a truth value", "true") { $0.isActive.cast(to: String.self) },
        Example("greatest leaves null out", "b") { _ in
            greatest(Expr<String?>("a"), Expr<String?>(nil), Expr<String?>("b")) ?? "none"
        },
        Example("least leaves null out", "a") { _ in least(Expr<String?>(nil), Expr<String?>("a")) ?? "none" },
    ]

    @Test func `functions of text`() async throws {
        try await check(Self.texts)
    }

    static let nulls: [(String, String?, @Sendable (Columns<Person>) -> Expr<String?>)] = [
        ("null if equal", nil, { $0.name.nullIf("Ünal O'Hara") }),
        ("null if it is not", "Ünal O'Hara", { $0.name.nullIf("x") }),
        ("case without else", nil, { when($0.name == "x", then: "a").elseNull }),
        ("greatest of nulls", nil, { _ in greatest(Expr<String?>(nil), Expr<String?>(nil)) }),
        ("coalesce of nulls", nil, { _ in coalesce(Expr<String?>(nil), Expr<String?>(nil)) }),
        ("a function of null", nil, { _ in Expr<String?>(nil).reverse() }),
        ("a digest of null", nil, { _ in Expr<String?>(nil).sha256() }),
        ("plus null", nil, { "x" + $0.nickname.nullIf("  Al ") }),
    ]

    @Test func `nulls in functions`() async throws {
        try await makePerson()
        for (name, expected, expression) in Self.nulls {
            let found: [String?] = try await Person.objects.values { expression($0) }
            #expect(found == [expected], "\(name)")
        }
    }

    static let wholes: [Example<Int>] = [
        Example("length counts characters", 11) { $0.name.length() },
        Example("strIndex", 6) { $0.name.strIndex("O'") },
        Example("strIndex of what is not there", 0) { $0.name.strIndex("%") },
        Example("ord", 220) { $0.name.ord() },
        Example("ord of nothing", 0) { _ in Expr("").ord() },
        Example("sum and product", 17) { _ in Expr(2) + 3 * Expr(5) },
        Example("a value on the left", 8) { _ in 10 - Expr(2) },
        Example("whole quotient", -2) { _ in Expr(-7) / 3 },
        Example("remainder has the dividend's sign", -1) { _ in Expr(-7) % 3 },
        Example("negative", -5) { _ in -Expr(5) },
        Example("bit and", 4) { _ in Expr(12) & 6 },
        Example("bit or", 14) { _ in Expr(12) | 6 },
        Example("bit xor", 10) { _ in Expr(12) ^ 6 },
        Example("shift left", 48) { _ in Expr(12) << 2 },
        Example("shift right", 3) { _ in Expr(12) >> 2 },
        Example("abs", 5) { _ in Expr(-5).abs() },
        Example("sign", -1) { _ in Expr(-5).sign() },
        Example("a whole number is its own ceiling", 5) { _ in Expr(5).ceil() },
        Example("round to hundreds", -1300) { _ in Expr(-1250).round(-2) },
        Example("greatest", 5) { _ in greatest(Expr(2), Expr(5), Expr(3)) },
        Example("least", 2) { _ in least(Expr(2), Expr(5), Expr(3)) },
        Example("cast of text", 12) { _ in Expr(" 12 ").cast(to: Int.self) },
        Example("cast rounds a half to even", 2) { _ in Expr(2.5).cast(to: Int.self) },
        Example("cast of a truth value", 1) { $0.isActive.cast(to: Int.self) },
    ]

    @Test func `functions of whole numbers`() async throws {
        try await check(Self.wholes)
    }

    static let reals: [Example<Double>] = [
        Example("quotient", 3.5) { _ in Expr(7.0) / 2 },
        Example("remainder", 1.5) { _ in Expr(7.5) % 2 },
        Example("ceil", -1) { _ in Expr(-1.5).ceil() },
        Example("floor", -2) { _ in Expr(-1.5).floor() },
        Example("round a half away from zero", 3) { _ in Expr(2.5).round() },
        Example("round a negative half away from zero", -3) { _ in Expr(-2.5).round() },
        Example("round as people read the number", 2.68) { _ in Expr(2.675).round(2) },
        Example("round to hundreds", 1200) { _ in Expr(1249.9).round(-2) },
        Example("sqrt", 1.5) { _ in Expr(2.25).sqrt() },
        Example("power", 8) { _ in Expr(2.0).power(3) },
        Example("power of expressions", 0.25) { _ in Expr(2.0).power(Expr(-2.0)) },
        Example("log", 3) { _ in Expr(1000.0).log(10) },
        Example("log to base 2", 5) { _ in Expr(32.0).log(2) },
        Example("sign", 1) { _ in Expr(0.5).sign() },
        Example("abs", 0.5) { _ in Expr(-0.5).abs() },
        Example("degrees", 180) { _ in Expr(Double.pi).degrees() },
        Example("cast of a whole number", 7) { _ in Expr(7).cast(to: Double.self) },
        Example("cast of text", -0.125) { _ in Expr("-1.25e-1").cast(to: Double.self) },
        Example("mixed types are converted", 3.5) { _ in Expr(7).cast(to: Double.self) * 0.5 },
    ]

    @Test func `functions of numbers`() async throws {
        try await check(Self.reals)
    }

    static let angles: [Example<Double>] = [
        Example("exp", 2.718281828459045) { _ in Expr(1.0).exp() },
        Example("ln", 0.6931471805599453) { _ in Expr(2.0).ln() },
        Example("sin", 0.479425538604203) { _ in Expr(0.5).sin() },
        Example("cos", 0.8775825618903728) { _ in Expr(0.5).cos() },
        Example("tan", 0.5463024898437905) { _ in Expr(0.5).tan() },
        Example("cot", 1.830487721712452) { _ in Expr(0.5).cot() },
        Example("asin", 0.5235987755982989) { _ in Expr(0.5).asin() },
        Example("acos", 1.0471975511965979) { _ in Expr(0.5).acos() },
        Example("atan", 0.4636476090008061) { _ in Expr(0.5).atan() },
        Example("atan2", 2.677945044588987) { _ in Expr(0.5).atan2(Expr(-1.0)) },
        Example("radians", 1.5707963267948966) { _ in Expr(90.0).radians() },
    ]

    @Test func `functions with irrational results`() async throws {
        try await check(Self.angles) { found, example in
            abs((found ?? .infinity) - (example.expected ?? 0)) < 1e-14
        }
    }

    static let impossible: [Example<Double>] = [
        Example("root of a negative number", nil) { _ in Expr(-1.0).sqrt() },
        Example("logarithm of zero", nil) { _ in Expr(0.0).ln() },
        Example("power that is no real number", nil) { _ in Expr(-1.0).power(0.5) },
        Example("text that is no number", nil) { _ in Expr("12 monkeys").cast(to: Double.self) },
        Example("empty text", nil) { _ in Expr("").cast(to: Double.self) },
        Example("a number that is too large", nil) { _ in Expr(1e300).cast(to: Int.self).cast(to: Double.self) },
        Example("arc sine beyond one", nil) { _ in Expr(2.0).asin() },
    ]

    @Test func `what has no result is an invalid value`() async throws {
        try await makePerson()
        for example in Self.impossible {
            let error = await #expect(throws: DatabaseError.self) { _ = try await value(example) }
            #expect(error?.kind == .invalidValue, "\(example.testDescription)")
        }
    }

    @Test func `a division by zero is null where the divisor is an expression`() async throws {
        try await Person.objects.create(Person(name: "Ann"))
        let rows: [(Int?, Int?, Double?)] = try await Person.objects.values {
            (10 / ($0.id - $0.id), $0.id % ($0.id - $0.id), Expr(1.0) / Expr(0.0))
        }
        #expect(rows.count == 1)
        #expect(rows[0].0 == nil && rows[0].1 == nil && rows[0].2 == nil)
    }

    static let refused: [Example<String>] = [
        Example("left", "The left of an expression is -1") { $0.name.left(-1) },
        Example("substr", "The substr of an expression is 0") { $0.name.substr(0) },
        Example("repeat", "The repeat of an expression is -1") { $0.name.repeat(-1) },
        Example("divide", "An expression divides by 0") { ($0.id / 0).cast(to: String.self) },
        Example("remainder", "An expression divides by 0") { ($0.id % 0).cast(to: String.self) },
        Example("shift", "An expression shifts bits by 64 places") { ($0.id << 64).cast(to: String.self) },
        Example("round", "An expression rounds to 19 places") { _ in Expr(1.0).round(19).cast(to: String.self) },
        Example("collate", "is no name of a collation") { $0.name.collate("C\"; DROP TABLE library_person; --") },
    ]

    @Test func `what no database can do is said before it is asked`() async throws {
        for example in Self.refused {
            let error = await #expect(throws: ORMError.self) { _ = try await value(example) }
            let expected = try #require(example.expected)
            #expect(error?.description.contains(expected) == true, "\(example.testDescription)")
        }
    }

    /// Every text that reaches SQL is a bound value.
    static let hostile = [
        "'; DROP TABLE library_person; --", "\"", "\\", "%", "_", "$1", "?1", "{}", "\u{1F600}", "a\nb", "--", "/*",
        String(repeating: "x", count: 20_000),
    ]

    @Test func `hostile text stays text`() async throws {
        try await Person.objects.create(Person(name: "Ann"))
        for text in Self.hostile {
            let rows: [(String, String, Int, String, String, String)] = try await Person.objects.values { person in
                (
                    "<" + person.name + text, person.name.replace("Ann", with: text), Expr(text).strIndex(text),
                    when(person.name == "Ann", then: text).else("none"), concat(Expr(text), person.name),
                    person.nickname ?? text
                )
            }
            let row = try #require(rows.first)
            #expect(row.0 == "<Ann" + text)
            #expect(row.1 == text)
            #expect(row.2 == 1)
            #expect(row.3 == text)
            #expect(row.4 == text + "Ann")
            #expect(row.5 == text)
        }
    }

    @Test func `a random number is between 0 and 1, another for each row`() async throws {
        try await Person.objects.createMany((0..<50).map { Person(name: "\($0)") })
        let numbers: [Double] = try await Person.objects.values { _ in Expr.random() }
        #expect(numbers.allSatisfy { (0..<1).contains($0) })
        #expect(Set(numbers).count > 40)
    }

    @Test func `a collation decides what is equal`() async throws {
        try await makePerson()
        let isSQLite = try Database.current.dialect.name == "sqlite"
        let name = isSQLite ? "NOCASE" : "C"
        #expect(try await Person.objects.filter { $0.name.collate(name) == "Ünal O'HARA" }.exists() == isSQLite)
        #expect(try await Person.objects.order { $0.name.collate(name) }.count() == 1)
    }
}
