import FoundationEssentials
import MartletORM
import Testing

private protocol Named: Model {
    var name: String { get set }
}

extension Named {
    fileprivate static var names: [Field<Self>] { [.shared(\.name, "name") { .char($0, maxLength: 9, unique: true) }] }
    fileprivate static var misspelt: [Field<Self>] { [.shared(\.name, "nam") { .char($0, maxLength: 9) }] }
}

private struct Cat: Model, Named {
    var id = 0
    var age = 0
    var name = ""
    static let table = Table<Cat>(.auto(\.id), .integer(\.age), fields: names)
}

private struct Dog: Model, Named {
    var id = 0
    var name = ""
    static let table = Table<Dog>(.auto(\.id), fields: misspelt)
}

private struct Fox: Model {
    var id = 0
    var age = 0
    var name = ""
    var other = ForeignKey<Cat>()
    var secret = ""
    static let table = Table<Fox>(
        .auto(\.id), .integer(\.age), .char(\.name, maxLength: 9), .foreignKey(\.other, onDelete: .cascade),
        indexes: [
            .index(\.name, operatorClasses: ["x) --"]), .index(\.age, using: IndexMethod(rawValue: "b'tree")),
            .index(\.age, name: "set", settings: ["a b": "on; DROP"]), .index { $0.secret }, .index(),
        ],
        constraints: [
            .check(name: "") { $0.age > 0 }, .check(name: "same") { $0.age > 0 }, .check(name: "same") { $0.age > 1 },
            .check(name: "secret_check") { $0.secret == "x" },
            .check(name: "rows") { $0.age.in(Cat.objects) { $0.age } },
            .unique(\.name, where: { $0.age > 1 }, deferrable: .deferred), .unique(),
            .exclude { [$0.age.excluding(ExclusionOperator(rawValue: "= 1) --"))] },
        ])
}

private struct Hen: Model {
    var id = 0
    var age = 0
    var twice = 0
    static let table = Table<Hen>(
        .auto(\.id).generated { $0.age }, .integer(\.age).databaseDefault(F("twice")),
        .integer(\.twice).generated { $0.twice + 1 })
}

private struct Shadow: Model {
    var id = 0
    var nick = ""
    static let table = Table<Shadow>(proxyOf: Cat.self, .auto(\.id), .char(\.nick, maxLength: 9))
}

@Suite struct TableRuleTests {
    @Test func `shared fields are those of the struct, for queries over either`() {
        #expect(Cat.anyTable.problems.isEmpty)
        #expect(Cat.anyTable.schema.field("name")?.isUnique == true)
        #expect(Cat.columnNames == ["id", "age", "name"])
        #expect(Cat(name: "Tom").columnValues == [.integer(0), .integer(0), .text("Tom")])
    }

    @Test func `a shared field that the struct does not have is a problem that names it`() {
        #expect(
            Dog.anyTable.problems.contains {
                $0.hasPrefix("A protocol shares the field 'nam', and Dog has no stored property of that name")
            })
    }

    @Test(arguments: [
        "'x) --', which is no name", "'b'tree', which is no name", "'a b', which is no name",
        "'on; DROP', which is no value", "An index names 'secret', which is no field of the table.",
        "An index has no fields.", "The constraint '' needs a name",
        "Several constraints or indexes are called 'same'.",
        "The constraint 'secret_check' names 'secret'", "The constraint 'rows' holds an expression that asks for other",
        "A unique constraint is deferrable and has a condition", "A unique constraint has no fields.",
        "'= 1) --', which is no operator",
    ])
    func `what is wrong with a rule is said with the remedy`(_ part: String) {
        #expect(Fox.anyTable.problems.contains { $0.contains(part) }, "\(Fox.anyTable.problems)")
    }

    @Test func `what a database cannot compute is a problem`() {
        let problems = Hen.anyTable.problems.joined(separator: " ")
        #expect(problems.contains("The primary key 'id' cannot be generated."))
        #expect(problems.contains("The default of 'age' in the database names other fields"))
        #expect(problems.contains("The generated field 'twice' is computed from itself."))
    }

    @Test func `a proxy has only columns of its model`() {
        #expect(Shadow.anyTable.name == Cat.anyTable.name)
        #expect(Shadow.anyTable.problems.contains { $0.contains("'Cat' has no column 'nick'") })
    }

    @Test func `expressions are frozen over fields and without types`() throws {
        let schema = Frozen.anyTable.schema
        #expect(Frozen.anyTable.problems.isEmpty)
        #expect(
            schema.constraints.map(\.rule) == [
                .check(.all([F("age") >= 0, F("age") < 99, .any([F("name") == "x", F("nick").isNull])])),
                .check(F("name") != "x"), .check(.not(F("nick") == "x")), .check(.not(F("nick").isNull)),
                .check(F("name").in(["a", "b"])), .check(F("name").test(.startsWith, "a")),
                .check(Func("length", F("name")) < F("age") + 3), .check(F("other") != 5),
                .check(Func("joined", form: "({0} || {1})", F("name"), F("name")) == "xx"),
            ])
    }
}

private struct Frozen: Model {
    var id = 0
    var age = 0
    var name = ""
    var nick: String?
    var other = ForeignKey<Cat>()

    static func length(_ text: Expr<String>) -> Expr<Int> { Expr(.call(SQLFunction("length"), [text.sql])) }
    static func joined(_ left: Expr<String>, _ right: Expr<String>) -> Expr<String> {
        Expr(.call(SQLFunction("joined") { "(\($0[0]) || \($0[1]))" }, [left.sql, right.sql]))
    }

    static let table = Table<Frozen>(
        .auto(\.id), .integer(\.age), .char(\.name, maxLength: 9), .char(\.nick, maxLength: 9),
        .foreignKey(\.other, onDelete: .cascade),
        constraints: [
            .check(name: "a") { $0.age >= 0 && $0.age < 99 && ($0.name == "x" || $0.nick.isNull) },
            .check(name: "b") { $0.name != "x" }, .check(name: "c") { $0.nick != "x" },
            .check(name: "d") { !$0.nick.isNull }, .check(name: "e") { $0.name.in(["a", "b"]) },
            .check(name: "f") { $0.name.startsWith("a") }, .check(name: "g") { length($0.name) < $0.age + 3 },
            .check(name: "h") { $0.other != 5 }, .check(name: "i") { joined($0.name, $0.name) == "xx" },
        ])
}
