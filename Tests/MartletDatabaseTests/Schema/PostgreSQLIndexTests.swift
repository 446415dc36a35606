import FoundationEssentials
import MartletMigrations
import MartletORM
import Testing

/// A range of large numbers, and indexes of the methods that are asked for least.
struct Parcel: Model {
    var id = 0
    var code = ""
    var number = 0
    var weight = 0
    var span = RangeValue<Int>.unbounded
    var maybe: RangeValue<Int>?

    static let appLabel = "parcels"
    static let table = Table<Parcel>(
        .auto(\.id), .char(\.code, maxLength: 30), .bigInteger(\.number), .integer(\.weight), .bigIntegerRange(\.span),
        .bigIntegerRange(\.maybe, unique: true, column: "maybe span"),
        indexes: [
            .index(\.code, using: .spgist), .index(\.span, name: "spans", using: .spgist),
            .index(\.weight, \.code, name: "many", using: .bloom, settings: ["length": "96", "col1": "4"]),
            .index(\.code, name: "heavy", where: { $0.weight > 3 }, using: .spgist),
        ])
}

extension Trait where Self == ModelsDatabase {
    fileprivate static var parcels: Self { Self(models: [Parcel.self], extensions: ["bloom"], onlyPostgreSQL: true) }
}

@Suite(.parcels) struct PostgreSQLIndexTests {
    @Test func `SP-GiST and bloom indexes are made as they were asked for`() async throws {
        let sql = "SELECT indexdef FROM pg_indexes WHERE tablename = 'parcels_parcel' ORDER BY indexname"
        let found = try await Database.current.rows(Statement(sql)) { try $0.text(at: 0) }
        #expect(
            found.contains("CREATE INDEX heavy ON public.parcels_parcel USING spgist (code) WHERE (weight > 3)"))
        #expect(
            found.contains {
                $0.hasPrefix("CREATE INDEX many ON public.parcels_parcel USING bloom (weight, code) WITH (")
                    && $0.contains("length='96'") && $0.contains("col1='4'")
            }, "\(found)")
        #expect(found.contains("CREATE INDEX spans ON public.parcels_parcel USING spgist (span)"))
        #expect(
            found.contains {
                $0.hasPrefix("CREATE INDEX parcels_par_code_")
                    && $0.hasSuffix("_spgist ON public.parcels_parcel USING spgist (code)")
            }, "\(found)")
        let executor = try MigrationExecutor(try Database.current, MigrationGraph(Detected.current))
        try await executor.migrate(to: .zero(app: "parcels"))
        try await executor.migrate()
        #expect(try await Database.current.rows(Statement(sql)) { try $0.text(at: 0) } == found)
    }

    static let spans: [RangeValue<Int>?] = [
        nil, .empty, .unbounded, RangeValue(1..<5), RangeValue(4_294_967_296...), RangeValue(..<(-4_294_967_296)),
        RangeValue(Int.min..<Int.max), RangeValue(9_007_199_254_740_993..<9_007_199_254_740_995),
    ]

    @Test func `ranges of 64 bits come back, are found and are asked`() async throws {
        for span in Self.spans {
            let made = try await Parcel.objects.create(Parcel(span: span ?? .unbounded, maybe: span))
            let found = try await Parcel.objects.get { $0.id == made.id }
            #expect(found.maybe == span && found.span == span ?? .unbounded)
        }
        func ids(_ condition: (Columns<Parcel>) -> Condition) async throws -> [Int] {
            try await Parcel.objects.filter(condition).order { $0.id }.values { $0.id }
        }
        let first = try #require(try await Parcel.objects.order { $0.id }.first()).id
        func place(_ numbers: Int...) -> [Int] { numbers.map { first + $0 } }
        #expect(try await ids { $0.maybe.contains(4_294_967_296) } == place(2, 4, 6))
        #expect(try await ids { $0.maybe.contains(9_007_199_254_740_993) } == place(2, 4, 6, 7))
        #expect(try await ids { $0.maybe.contains(9_007_199_254_740_992) } == place(2, 4, 6))
        #expect(try await ids { $0.maybe == RangeValue(1..<5) } == place(3))
        #expect(try await ids { $0.maybe.isEmpty } == place(1))
        #expect(try await ids { $0.maybe.lowerBound == 4_294_967_296 } == place(4))
        #expect(try await ids { $0.maybe.upperBound == .max } == place(6))
        #expect(try await ids { $0.maybe.isNull } == place(0))
        #expect(try await ids { $0.maybe.containedBy(RangeValue(0..<10)) } == place(1, 3))
        let named = try Parcel.objects.filter(lookup: "maybe__contains", "9007199254740994").exclude(
            lookup: "maybe__upper_inf", true)
        #expect(try await named.order { $0.id }.values { $0.id } == place(6, 7))
        let double = await #expect(throws: DatabaseError.self) {
            try await Parcel.objects.create(Parcel(maybe: RangeValue(1..<5)))
        }
        #expect(double?.kind == .uniqueViolation && double?.fields == ["maybe"])
    }
}

/// A row that PostgreSQL numbers by a sequence of its own.
struct Receipt: Model {
    var id = 0
    var number: Int?
    var code: String?

    static let appLabel = "parcels"
    static let table = Table<Receipt>(
        .auto(\.id),
        // As `nextval` reads names: in quotes, since it has a blank.
        Field<Receipt>.bigInteger(\.number).databaseDefault(Func("nextval", "\"receipt's numbers\"")),
        Field<Receipt>.char(\.code, maxLength: 20).databaseDefault(Func("upper", Func("concat", "r-", "x'\"; --"))))
}

@Suite(.freshDatabase) struct SequenceDefaultTests {
    @Test func `a function of the database gives the default`() async throws {
        let test = try TestDatabase.open(models: [Receipt.self])
        try await test.run("CREATE SEQUENCE \"receipt's numbers\" START 100 INCREMENT 5")
        try await test.database.use {
            let migrations = try await Detected.migrations(for: ModelRegistry([Receipt.self]))
            try await MigrationExecutor(test.database, try MigrationGraph(migrations)).migrate()
            let first = try await Receipt.objects.create(Receipt())
            #expect((first.number, first.code) == (100, "R-X'\"; --"))
            let given = try await Receipt.objects.create(Receipt(number: 7, code: "mine"))
            #expect((given.number, given.code) == (7, "mine"))
            let many = try await Receipt.objects.createMany([Receipt(), Receipt(number: 1), Receipt()])
            #expect(many.map(\.number) == [105, 1, 110])
            try await test.run("INSERT INTO parcels_receipt DEFAULT VALUES")
            let numbers = try await Receipt.objects.order { $0.id }.values { $0.number }
            #expect(numbers == [100, 7, 105, 1, 110, 115])
            let again = try await MigrationAutodetector(
                MigrationGraph(migrations), models: ModelRegistry([Receipt.self])
            )
            .changes()
            #expect(again.isEmpty)
        }
    }
}
