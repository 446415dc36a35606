import FoundationEssentials
import MartletMigrations
import MartletORM
import MartletValues
import Testing

@Suite(.models(Anchor.self)) struct KindMigrationTests {
    struct Addition: Sendable, CustomTestStringConvertible {
        let kind: FieldKind
        let fill: FieldDefault
        let expected: SQLValue
        var testDescription: String { "\(kind)" }
    }

    static let additions: [Addition] = [
        Addition(kind: .smallInteger, fill: .integer(-32_768), expected: .integer(-32_768)),
        Addition(kind: .positiveSmallInteger, fill: .integer(32_767), expected: .integer(32_767)),
        Addition(kind: .positiveBigInteger, fill: .integer(.max), expected: .integer(.max)),
        Addition(kind: .url(maxLength: 200), fill: .text("'\"; DROP--"), expected: .text("'\"; DROP--")),
        Addition(kind: .shortUUID, fill: .text("8bRkTzQ4nFyW"), expected: .text("8bRkTzQ4nFyW")),
        Addition(kind: .ipAddress, fill: .text("2001:db8::1"), expected: .text("2001:db8::1")),
        Addition(kind: .integerChoices([1, 2]), fill: .integer(2), expected: .integer(2)),
        Addition(kind: .checkedIntegerChoices([1, 2]), fill: .integer(2), expected: .integer(2)),
        Addition(kind: .checkedChoices(["a", "it's"], maxLength: 9), fill: .text("it's"), expected: .text("it's")),
        Addition(kind: .file(maxLength: 100), fill: .text(""), expected: .text("")),
        Addition(kind: .image(maxLength: 100), fill: .text("a.png"), expected: .text("a.png")),
        Addition(kind: .filePath(maxLength: 100), fill: .text("/x"), expected: .text("/x")),
    ]

    private static let anchor = FieldSchema("id", .auto, primaryKey: true)

    /// Adds a field to a table with a row, in both directions.
    private static func added(_ kind: FieldKind, _ fill: FieldDefault) async throws {
        let database = try Database.current
        try await Anchor.objects.create(Anchor())
        let first = Migration("0001_initial") { CreateModel("Anchor", fields: [anchor]) }
        let second = Migration("0002_added", dependencies: ["kinds.0001_initial"]) {
            AddField("Anchor", FieldSchema("added", kind), default: fill)
        }
        let graph = try MigrationGraph([Migrations(app: "kinds", [first, second])])
        try await MigrationExecutor(database, graph).migrate()
    }

    @Test(arguments: additions)
    func `existing rows get the default of any kind`(_ example: Addition) async throws {
        try await Self.added(example.kind, example.fill)
        let values = try await Database.current.rows(Statement("SELECT added FROM kinds_anchor"), access: .write) {
            $0.value(at: 0)
        }
        #expect(values == [example.expected])
        #expect(example.fill.suits(example.kind))
    }

    @Test func `decimals, days, times, durations, documents and bytes are defaults too`() async throws {
        try await Self.added(
            .decimal(maxDigits: 38, decimalPlaces: 2), .decimal("123456789012345678901234567890123456.78"))
        let found = try await Database.current.rows(Statement("SELECT added FROM kinds_anchor"), access: .write) {
            try $0.decimal(at: 0)
        }
        #expect(found == [Decimal(string: "123456789012345678901234567890123456.78")])
    }

    @Test(arguments: [
        (FieldKind.date, FieldDefault.date("2026-01-31")), (.time, .time("09:05:00.250000")),
        (.duration, .duration("1 02:03:04")), (.json, .json("{\"a\":\"'\"}")), (.binary, .binary("00ff27")),
        (.date, .now), (.time, .now),
    ])
    func `each is read as its type`(_ kind: FieldKind, _ fill: FieldDefault) async throws {
        try await Self.added(kind, fill)
        let isRead = try await Database.current.rows(Statement("SELECT added FROM kinds_anchor"), access: .write) {
            row in
            switch fill {
            case .date(let text): try row.date(at: 0).description == text
            case .time(let text): try row.time(at: 0).description == text
            case .duration: try row.duration(at: 0) == .seconds(93_784)
            case .json: try row.json(at: 0).contains("'")
            case .binary: try row.bytes(at: 0) == [0, 255, 0x27]
            default: kind == .date ? try row.date(at: 0) > .first : try row.time(at: 0) >= .midnight
            }
        }
        #expect(isRead == [true])
    }

    @Test func `a column becomes another kind, and its check goes and comes`() async throws {
        let database = try Database.current
        try await Anchor.objects.create(Anchor())
        let kinds: [FieldKind] = [
            .integerChoices([1, 2]), .checkedIntegerChoices([1, 2]), .checkedIntegerChoices([1, 2, 3]),
            .positiveBigInteger, .smallInteger,
        ]
        var migrations = [
            Migration("0001_initial") { CreateModel("Anchor", fields: [Self.anchor]) },
            Migration("0002_added", dependencies: ["kinds.0001_initial"]) {
                AddField("Anchor", FieldSchema("added", .integer), default: .integer(1))
            },
        ]
        for (index, kind) in kinds.enumerated() {
            migrations.append(
                Migration(
                    "000\(index + 3)_altered",
                    dependencies: [MigrationName(app: "kinds", name: migrations[migrations.count - 1].name)]
                ) { AlterField("Anchor", FieldSchema("added", kind)) })
            let graph = try MigrationGraph([Migrations(app: "kinds", migrations)])
            try await MigrationExecutor(database, graph).migrate()
            let other = Statement("UPDATE kinds_anchor SET added = 4")
            if "\(kind)".contains("checked") {
                let error = await #expect(throws: DatabaseError.self) { try await database.execute(other) }
                #expect(error?.kind == .checkViolation, "\(kind)")
            } else {
                try await database.execute(other)
                try await database.execute(Statement("UPDATE kinds_anchor SET added = 1"))
            }
        }
    }
}

/// A table with a row to which columns are added.
struct Anchor: Model {
    var id = 0

    static let appLabel = "kinds"
    static let table = Table<Anchor>(.auto(\.id))
}
