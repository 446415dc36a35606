import MartletORM
import Testing

private struct Ended: Model {
    var id = 0
    var age = 0
    static let table = Table<Ended>(
        .auto(\.id), .integer(\.age, column: "a\u{0}b"), indexes: [.index(\.age, name: "i\u{0}")],
        constraints: [.check(name: "c\u{0}\"; --") { $0.age > 0 }], name: "t\u{0}")
}

private struct Cut: Model {
    var id = 0
    var age = 0
    static let table = Table<Cut>(
        .auto(\.id), .integer(\.age, column: String(repeating: "é", count: 32)),
        indexes: [.index(\.age, name: String(repeating: "i", count: 64))],
        constraints: [.check(name: String(repeating: "c", count: 64)) { $0.age > 0 }],
        name: String(repeating: "t", count: 5_000))
}

private struct Odd: Model {
    var id = 0
    var age = 0
    static let table = Table<Odd>(
        .auto(\.id), .integer(\.age, column: "'; DROP TABLE x; --\"\\%_\n😀"),
        indexes: [.index(\.age, name: String(repeating: "i", count: 63))],
        constraints: [.check(name: "\"") { $0.age > 0 }], name: "a b.c\"")
}

@Suite struct NameRuleTests {
    @Test func `a name with a null character is a problem of the table`() {
        let problems = Ended.anyTable.problems
        for (kind, name) in [("table", "t\\0"), ("column", "a\\0b"), ("index", "i\\0"), ("constraint", "c\\0\"; --")] {
            #expect(
                problems.contains { $0.hasPrefix("The name of the \(kind) '\(name)' has a null character (U+0000)") },
                "\(problems)")
        }
    }

    @Test func `a name that PostgreSQL would cut is a problem of the table`() {
        let problems = Cut.anyTable.problems
        for (kind, bytes) in [("table", 5_000), ("column", 64), ("index", 64), ("constraint", 64)] {
            #expect(
                problems.contains {
                    $0.hasPrefix("The name of the \(kind) '") && $0.contains("has \(bytes) bytes. PostgreSQL keeps 63")
                        && $0.count < 250
                }, "\(problems)")
        }
    }

    @Test func `any other name is one`() {
        #expect(Odd.anyTable.problems.isEmpty, "\(Odd.anyTable.problems)")
    }
}
