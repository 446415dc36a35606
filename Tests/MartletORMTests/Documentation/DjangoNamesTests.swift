import FoundationEssentials
import TestPrograms
import Testing

/// The table of Django's names in `Docs/orm.md`: whole, and true.
@Suite struct DjangoNamesTests {
    @Test func `every name of Django's ORM has a row under its heading`() throws {
        let chapter = Dictionary(
            try DocumentedNames.chapter().map { ($0.heading, $0.content) }, uniquingKeysWith: { $0 + $1 })
        let django = try DocumentedNames.django()
        #expect(django.map(\.content.count).reduce(0, +) > 700)
        for group in django {
            let there = Set((chapter[group.heading] ?? []).flatMap(\.names))
            let missing = group.content.filter { !there.contains($0) }
            #expect(missing == [], "Docs/orm.md, \(group.heading)")
        }
    }

    @Test func `no row names what Django does not have`() throws {
        let django = Dictionary(
            uniqueKeysWithValues: try DocumentedNames.django().map { ($0.heading, Set($0.content)) })
        for group in try DocumentedNames.chapter() {
            let unknown = group.content.flatMap(\.names).filter { django[group.heading]?.contains($0) != true }
            #expect(unknown == [], "Docs/orm.md, \(group.heading)")
        }
    }

    @Test func `a row has a spelling, or says why there is none`() throws {
        for group in try DocumentedNames.chapter() {
            let silent = group.content.filter { $0.isMissing ? $0.remark.isEmpty : $0.spellings.isEmpty }
            #expect(silent.map(\.django) == [], "Docs/orm.md, \(group.heading)")
        }
    }

    @Test func `every spelling is public in the sources`() throws {
        let names = try PublicNames(of: [
            "MartletMigrations", "MartletORM", "MartletPostgreSQL", "MartletSQLite", "MartletShortcuts",
            "MartletStorage", "MartletTemplates", "MartletValues",
        ])
        let rows = try DocumentedNames.chapter().flatMap(\.content)
        #expect(rows.flatMap(\.spellings).count > 400)
        for row in rows {
            #expect(row.spellings.flatMap(names.unknown) == [], "Docs/orm.md, \(row.django)")
        }
    }

    @Test func `the list of names is the one that Django has`() async throws {
        let python = try await PythonEnvironment(
            PythonEnvironment.django, "psycopg==3.2.3", "psycopg-binary==3.2.3")
        let folder = "Tests/MartletORMTests/Documentation/Django"
        let printed = try await python.run(try DocumentedNames.text("\(folder)/orm_names.py"))
        #expect(printed == (try DocumentedNames.text("\(folder)/orm_names.txt")))
    }
}

/// What the tests above are made of finds what is wrong.
@Suite struct DocumentedNamesTests {
    private static let source = """
        public struct Query: Sendable {
            /// Not `remembered(_:)`.
            public func filter(_ condition: Condition) -> Self { changed(condition) }
            public func order<each Term>(
                by terms: repeat each Term, in zone: Zone
            ) -> Self {
                let inside = 5
            }
            func changed(_ condition: Condition) -> Self { self }
            public func `in`(_ values: [Int]) -> Condition { Condition(values) }
            public enum Side { case left, right(Int) }
        }
        enum Hidden { case secret }
        public protocol Router {
            func database(for model: String) -> Int?
        }
        """

    private static let spellings: [(spelling: String, unknown: [String])] = [
        ("filter { … }", []),
        ("$0.x.filter(5)", []),
        ("filtered { … }", ["filtered"]),
        ("order(by: \\.x, in: zone)", []),
        ("order(on: \\.x)", ["on:"]),
        ("changed(5)", ["changed"]),
        ("remembered(5)", ["remembered"]),
        ("inside", ["inside"]),
        (".left", []),
        (".secret", ["secret"]),
        ("in([1])", []),
        ("database(for:)", []),
        ("filter(\"missing(5)\")", []),
        ("==", []),
    ]

    @Test(arguments: spellings)
    func `what nobody declares is found in a spelling`(_ example: (spelling: String, unknown: [String])) {
        #expect(PublicNames(source: Self.source).unknown(in: example.spelling) == example.unknown)
    }

    @Test func `the tables of a page are read by heading`() throws {
        let groups = DocumentedNames.rows(
            of: """
                ### Lookups

                | Django | Martlet | |
                | --- | --- | --- |
                | `exact` `in` | `==`, `in([…])` | plain |
                | `\\|` | – | why |
                | `two` | `cells` |
                """)
        #expect(groups.map(\.heading) == ["Lookups"])
        let rows = try #require(groups.first).content
        #expect(rows.map(\.names) == [["exact", "in"], ["|"], ["two", "cells"]])
        #expect(rows.map(\.spellings) == [["==", "in([…])"], [], []])
        #expect(rows.map(\.isMissing) == [false, true, false])
    }

    @Test func `a list of names is read by heading`() {
        let groups = DocumentedNames.groups(of: "[One]\na\nb\n\n[Two]\nc\n")
        #expect(groups.map(\.heading) == ["One", "Two"])
        #expect(groups.map(\.content) == [["a", "b"], ["c"]])
    }
}
