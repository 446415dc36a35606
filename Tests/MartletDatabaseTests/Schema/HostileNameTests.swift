import FoundationEssentials
import MartletMigrations
import MartletORM
import Testing

/// Names of tables, columns, indexes and constraints reach SQL in quotes and nowhere else.
@Suite(.migrated(Quoted.self, Victim.self)) struct HostileNameTests {
    private func makeRows() async throws -> [Quoted] {
        try await Victim.objects.create(Victim(name: "here"))
        let parent = try await Quoted.objects.create(Quoted(first: "one", third: 1, fourth: 2))
        let child = try await Quoted.objects.create(
            Quoted(first: "two", second: "x", third: 3, fourth: 4, word: .percent, parent: ForeignKey(parent)))
        return [parent, child]
    }

    @Test func `a table with such names is made, written and read in every way`() async throws {
        let rows = try await makeRows()
        #expect(rows.map(\.second) == ["'; --", "x"] && rows.map(\.fifth) == [3, 7])
        let found = try await Quoted.objects.filter { $0.first == "two" && $0.third * $0.fourth == 12 }.all()
        #expect(found.map(\.id) == [rows[1].id] && found[0].word == .percent)
        #expect(try await Quoted.objects.exclude { $0.second.isNull }.order { $0.fifth.descending }.all().count == 2)
        #expect(
            try await Quoted.objects.filter { $0.parent.first == "one" }.selectRelated { $0.parent }.all().count == 1)
        #expect(try await Quoted.objects.filter(lookup: "children__first", "two").all().map(\.id) == [rows[0].id])
        let values: [(String, Int, String?)] = try await Quoted.objects.order { $0.id }.values {
            ($0.first, $0.fifth, $0.parent.first.optional)
        }
        #expect(values.map { "\($0.0) \($0.1) \($0.2 ?? "-")" } == ["one 3 -", "two 7 one"])
        #expect(try await Quoted.objects.filter { $0.third == 1 }.update { $0.fourth = $0.fourth + 10 } == 1)
        #expect(try await Quoted.objects.aggregate { $0.fifth.sum() } == 20)
        var changed = rows[1]
        changed.second = "y"
        changed.word = .double
        try await changed.save()
        try await Quoted.objects.updateMany([changed], fields: \.second, \.word)
        let stored = try await Quoted.objects.upsert(
            Quoted(first: "two", second: "z", third: 5, fourth: 6), on: \.first, updating: \.second, \.third)
        #expect((stored.second, stored.third, stored.word) == ("z", 5, .double))
        #expect(try await Quoted.objects.filter { $0.word.in([.double, .percent]) }.count() == 1)
        #expect(try await Quoted.objects.filter { $0.id == rows[0].id }.delete().total == 2)
        #expect(try await Victim.objects.count() == 1)
    }

    @Test func `many rows at once are written with such names, too`() async throws {
        let many = (0..<1_200).map { Quoted(first: "row \($0)", third: $0 % 999, fourth: $0) }
        let made = try await Quoted.objects.createMany(many)
        #expect(made.count == 1_200 && made[7].fifth == 14)
        var seen = 0
        for try await batch in Quoted.objects.order { $0.fourth }.inBatches(of: 500) {
            #expect(batch.first?.fourth == seen)
            seen += batch.count
        }
        #expect(seen == 1_200)
        // With keys of their own PostgreSQL takes them by `COPY`.
        let copied = (0..<1_100).map {
            Quoted(id: 10_000 + $0, first: "copy \($0)", second: "s", third: 5, fourth: 9_000 + $0)
        }
        try await Quoted.objects.createMany(copied)
        #expect(try await Quoted.objects.filter { $0.fifth >= 9_005 }.count() == 1_100)
    }

    @Test func `the rules with such names are kept, and errors name them`() async throws {
        _ = try await makeRows()
        func violation(_ row: Quoted) async -> DatabaseError? {
            await #expect(throws: DatabaseError.self) { try await Quoted.objects.create(row) }
        }
        let check = await violation(Quoted(first: "a", third: 1_000))
        #expect(check?.kind == .checkViolation && check?.constraint == "c'\"; --")
        let unique = await violation(Quoted(first: "b", third: 1, fourth: 2))
        #expect(unique?.kind == .uniqueViolation && unique?.fields == ["third", "fourth"])
        let first = await violation(Quoted(first: "one", second: "q", third: 8))
        #expect(first?.kind == .uniqueViolation && first?.fields == ["first"])
        #expect(try await Victim.objects.count() == 1)
    }

    @Test func `the database has each name as it was given`() async throws {
        let isPostgreSQL = try isPostgreSQL()
        let names = try await Database.current.rows(
            Statement(
                isPostgreSQL
                    ? """
                    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace UNION ALL
                    SELECT conname FROM pg_constraint UNION ALL SELECT attname FROM pg_attribute
                    """
                    : """
                    SELECT name FROM sqlite_schema UNION ALL
                    SELECT c.name FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table'
                    """), access: .write
        ) { try $0.text(at: 0) }
        let schema = Quoted.anyTable.schema
        let indexes = schema.indexes.map(\.name)
        for name in [schema.table, "{1} of \"{0}\""] + indexes + schema.fields.map(\.column) {
            #expect(names.contains(name), "\(name)")
        }
        #expect(indexes.contains("{0}'%$1") && schema.fields.map(\.column).contains("\\\"\"\\"))
        if isPostgreSQL { #expect(names.contains("c'\"; --") && names.contains("u\")) --")) }
    }

    @Test func `such tables are undone and made again`() async throws {
        try await Victim.objects.create(Victim(name: "here"))
        let executor = try MigrationExecutor(try Database.current, MigrationGraph(Detected.current))
        try await executor.migrate(to: .zero(app: "hostile"))
        try await executor.migrate()
        #expect(try await Victim.objects.count() == 0)
        _ = try await makeRows()
        #expect(try await Quoted.objects.count() == 2)
    }

    @Test(arguments: [
        "x\"); DROP TABLE hostile_victim; --", "", "a b", "x'", "\"", "😀", "x;", "a\u{0}b",
        String(repeating: "c", count: 64),
    ])
    func `a collation is a plain name or an error`(_ name: String) async throws {
        _ = try await makeRows()
        let error = await #expect(throws: ORMError.self) {
            _ = try await Quoted.objects.order { $0.first.collate(name) }.all()
        }
        #expect(error?.description.contains("is no name of a collation") == true)
        await #expect(throws: ORMError.self) {
            _ = try await Quoted.objects.filter { $0.first.collate(name) == "x" }.count()
        }
        #expect(try await Victim.objects.count() == 1)
    }
}
