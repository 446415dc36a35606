import MartletMigrations
import MartletORM
import Testing

@Suite struct KindWriterTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let kind: FieldKind
        let fill: FieldDefault
        let source: String
        var testDescription: String { source }
    }

    static let examples = [
        Example(kind: .smallInteger, fill: .integer(-1), source: #".smallInteger), default: .integer(-1))"#),
        Example(
            kind: .positiveSmallInteger, fill: .integer(1), source: #".positiveSmallInteger), default: .integer(1))"#),
        Example(kind: .positiveBigInteger, fill: .integer(1), source: #".positiveBigInteger), default: .integer(1))"#),
        Example(
            kind: .decimal(maxDigits: 10, decimalPlaces: 2), fill: .decimal("10.08"),
            source: #".decimal(maxDigits: 10, decimalPlaces: 2)), default: .decimal("10.08"))"#),
        Example(
            kind: .url(maxLength: 200), fill: .text("\"\\("),
            source: #".url(maxLength: 200)), default: .text("\"\\("))"#),
        Example(
            kind: .shortUUID, fill: .text("8bRkTzQ4nFyW"), source: #".shortUUID), default: .text("8bRkTzQ4nFyW"))"#),
        Example(kind: .date, fill: .date("2026-01-31"), source: #".date), default: .date("2026-01-31"))"#),
        Example(kind: .time, fill: .time("09:05"), source: #".time), default: .time("09:05"))"#),
        Example(
            kind: .duration, fill: .duration("1 02:03:04"), source: #".duration), default: .duration("1 02:03:04"))"#),
        Example(kind: .binary, fill: .binary("00ff"), source: #".binary), default: .binary("00ff"))"#),
        Example(kind: .json, fill: .json("{}"), source: #".json), default: .json("{}"))"#),
        Example(
            kind: .checkedChoices(["a", "it's"], maxLength: 9), fill: .text("a"),
            source: #".checkedChoices(["a", "it's"], maxLength: 9)), default: .text("a"))"#),
        Example(
            kind: .integerChoices([1, -2]), fill: .integer(1),
            source: #".integerChoices([1, -2])), default: .integer(1))"#),
        Example(
            kind: .checkedIntegerChoices([1]), fill: .integer(1),
            source: #".checkedIntegerChoices([1])), default: .integer(1))"#),
        Example(kind: .ipAddress, fill: .text("::1"), source: #".ipAddress), default: .text("::1"))"#),
        Example(kind: .file(maxLength: 100), fill: .text(""), source: #".file(maxLength: 100)), default: .text(""))"#),
        Example(
            kind: .image(maxLength: 100), fill: .text(""), source: #".image(maxLength: 100)), default: .text(""))"#),
        Example(
            kind: .filePath(maxLength: 100), fill: .text(""),
            source: #".filePath(maxLength: 100)), default: .text(""))"#),
    ]

    @Test(arguments: examples)
    func `a field of each kind and its default are written as they are read`(_ example: Example) throws {
        let migration = Migration("0001_initial") {
            AddField("Tag", FieldSchema("x", example.kind), default: example.fill)
        }
        let source = try MigrationWriter().source(of: MigrationDraft(app: "blog", migration: migration))
        #expect(source.contains(#"AddField("Tag", .init("x", "# + example.source))
        #expect(example.fill.suits(example.kind) && example.fill.value != nil)
    }

    @Test(arguments: [
        (FieldKind.date, FieldDefault.date("2026-02-30")), (.time, .time("24:00")), (.duration, .duration("x")),
        (.json, .json("{")), (.binary, .binary("0")), (.decimal(maxDigits: 4, decimalPlaces: 2), .decimal("123.4")),
        (.decimal(maxDigits: 4, decimalPlaces: 2), .decimal("1.234")),
        (.decimal(maxDigits: 4, decimalPlaces: 2), .integer(100)),
        (.smallInteger, .integer(40_000)), (.positiveBigInteger, .integer(-1)), (.shortUUID, .text("short")),
        (.shortUUID, .text("CJjKSiAEjDuLkDyxKUZ4Vy")), (.ipAddress, .text("x")), (.integerChoices([1]), .integer(2)),
        (.checkedChoices(["a"], maxLength: 5), .text("b")), (.url(maxLength: 2), .text("abc")), (.date, .text("x")),
    ])
    func `a default that the column cannot hold is refused`(_ kind: FieldKind, _ fill: FieldDefault) {
        #expect(!fill.suits(kind))
    }
}
