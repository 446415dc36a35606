import MartletORM

// Names that would be SQL if they were not quoted, each in a place of its own.

struct Quoted: Model {
    enum Word: String, Choices {
        case quote = "'; DROP TABLE x; --"
        case double = "\"\\"
        case percent = "%_ {0} $1 ?1"
        var label: String { "<b>'\(rawValue)'\"; --" }
    }

    var id = 0
    var first = ""
    var second: String?
    var third = 0
    var fourth = 0
    var fifth = 0
    var word = Word.quote
    var parent: ForeignKey<Quoted>?

    static let appLabel = "hostile"
    static let table = Table<Quoted>(
        .auto(\.id, column: "id\"); DROP TABLE hostile_victim; --"),
        .char(\.first, maxLength: 40, unique: true, column: "a'; DROP TABLE hostile_victim; --"),
        Field<Quoted>.char(\.second, maxLength: 40, column: "{0} {1} $1 ?1 :x %s").databaseDefault("'; --"),
        .integer(\.third, column: "\\\"\"\\"), .integer(\.fourth, column: "😀\n/* "),
        Field<Quoted>.integer(\.fifth, column: "*/ --").generated { $0.third + $0.fourth },
        .choices(\.word, maxLength: 30, checked: true, column: "'word'"),
        .foreignKey(\.parent, onDelete: .cascade, relatedName: "children", column: "p\"a.\"r"),
        indexes: [
            .index(\.third, \.fourth, name: "i\"; DROP TABLE hostile_victim; --"),
            .index(name: "{0}'%$1") { ($0.first.lower(), $0.third.descending) },
            .index(\.second, name: "😀 \\", where: { $0.third > 0 && $0.second.startsWith("'%_\\") }),
        ],
        constraints: [
            .check(name: "c'\"; --") { $0.third < 1_000 && $0.first != "'; --" },
            .unique(\.third, \.fourth, name: "u\")) --"),
            .unique(name: "{1} of \"{0}\"") { ($0.second.lower(), $0.first) },
        ],
        name: "t\"; DROP TABLE hostile_victim; --'$1{0}", comment: "it's \"a\" $$comment$$ \\ 😀")
}

struct Victim: Model {
    var id = 0
    var name = ""

    static let appLabel = "hostile"
    static let table = Table<Victim>(.auto(\.id), .char(\.name, maxLength: 20))
}
