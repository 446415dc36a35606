import FoundationEssentials
import MartletMigrations
import MartletORM
import Testing

/// Operations that do something else than make the tables fit the models.
@Suite(.models()) struct OwnWorkTests {
    private static let note = CreateModel(
        "Note",
        fields: [
            .init("id", .uuid, primaryKey: true), .init("body", .text), .init("excerpt", .text, null: true),
            .init("parent", .foreignKey(to: "own.Note", onDelete: .setNull), null: true, index: true),
            .init("made", .dateTime, null: true), .init("rank", .integer, databaseDefault: 7),
        ])

    private static func executor(_ operations: any MigrationOperation...) throws -> MigrationExecutor {
        let first = Migration("0001_initial") { note }
        let second = Migration("0002_work", dependencies: ["own.0001_initial"]) { operations }
        return MigrationExecutor(try .current, try MigrationGraph([Migrations(app: "own", [first, second])]))
    }

    private static let back = MigrationTarget.migration(app: "own", name: "0001")

    private static func texts(_ column: String) async throws -> [String?] {
        // SQLite takes an unknown name in quotes for a text, unless its table stands before it.
        let sql = "SELECT own_note.\(column) FROM own_note ORDER BY body"
        return try await Database.current.rows(Statement(sql), access: .write) { row in
            row.isNull(at: 0) ? nil : try row.text(at: 0)
        }
    }

    /// Rows as a migration finds them.
    private static func insert(_ bodies: String...) async throws {
        for body in bodies {
            let place = try Database.current.dialect
            let sql = "INSERT INTO own_note (id, body) VALUES (\(place.placeholder(1)), \(place.placeholder(2)))"
            try await Database.current.execute(Statement(sql, [.uuid(.v7()), .text(body)]))
        }
    }

    @Test func `code changes the rows of a model that it knows by name, in batches, forwards and back`() async throws {
        let executor = try Self.executor(
            RunSwift(
                reverse: .swift { data in
                    try await data.model("Note").update(reading: []) { _ in ["excerpt": .null] }
                }
            ) { data in
                try await data.model("own.Note").update(reading: ["body", "excerpt", "made"], batch: 2) { note in
                    #expect(note["excerpt"] == .null)
                    #expect(note["rank"] == nil)
                    let body = try note.text("body")
                    return body == "b" ? [:] : ["excerpt": .text("<\(body)>"), "made": .dateTime(.now)]
                }
            })
        try await executor.migrate(to: Self.back)
        // Hostile texts are values like any other.
        try await Self.insert("a", "b", "c'\"; DROP TABLE own_note; --", "d\\ % _ 🐦", "e")
        try await executor.migrate()
        #expect(
            try await Self.texts("excerpt") == ["<a>", nil, "<c'\"; DROP TABLE own_note; -->", "<d\\ % _ 🐦>", "<e>"])
        try await executor.migrate(to: Self.back)
        #expect(try await Self.texts("excerpt") == [nil, nil, nil, nil, nil])
        try await executor.migrate()
        #expect(try await Self.texts("excerpt").compactMap(\.self).count == 4)
    }

    @Test func `code adds rows, with what the database gives them`() async throws {
        let executor = try Self.executor(
            RunSwift(reverse: .nothing) { data in
                let notes = try data.model("Note")
                let parent = UUID.v7()
                try await notes.insert(["id": .uuid(parent), "body": .text("first")])
                try await notes.insert(["id": .uuid(.v7()), "body": .text("second"), "parent": .uuid(parent)])
                #expect(try await notes.count() == 2)
                var found: [SQLValue?] = []
                try await notes.forEach(reading: ["parent", "rank"]) { row in
                    let rank = try row.integer("rank")
                    #expect(rank == 7)
                    found.append(row["parent"])
                }
                #expect(found == [.null, .uuid(parent)])
            })
        try await executor.migrate()
        #expect(try await Self.texts("body") == ["first", "second"])
        try await executor.migrate(to: Self.back)
        #expect(try await Self.texts("body") == ["first", "second"], "there was nothing to undo")
    }

    @Test func `code without a way back refuses it before anything is touched`() async throws {
        let executor = try Self.executor(
            RunSwift(reverse: .irreversible) { _ in }, AddField("Note", .init("late", .text, null: true)))
        try await executor.migrate()
        let error = await #expect(throws: MigrationError.self) { try await executor.migrate(to: Self.back) }
        #expect(error?.kind == .irreversible)
        #expect(error?.problem == "Migration own.0002_work, operation 1 (Run Swift code): It cannot be undone.")
        #expect(try await Self.texts("late") == [])
    }

    struct Refusal: Error, CustomStringConvertible {
        var description: String { "no such thing" }
    }

    @Test func `code that throws leaves the database as before, and the error says where`() async throws {
        let executor = try Self.executor(
            AddField("Note", .init("late", .text, null: true)),
            RunSwift(reverse: .nothing) { data in
                try await data.model("Note").insert(["id": .uuid(.v7()), "body": .text("half")])
                throw Refusal()
            })
        let error = await #expect(throws: MigrationError.self) { try await executor.migrate() }
        #expect(error?.description.contains("own.0002_work failed at operation 2 of ") == true)
        #expect(error?.description.contains("no such thing") == true)
        #expect(try await Self.texts("body") == [])
        await #expect(throws: DatabaseError.self) { try await Self.texts("late") }
    }

    struct WrongUse: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: RunSwift.Code
        let problem: String
    }

    static let wrongUses = [
        WrongUse(
            testDescription: "a model of a later migration, or of none",
            code: { data in _ = try data.model("Post") }, problem: "There is no model 'own.Post' at this point."),
        WrongUse(
            testDescription: "a field that is none, though it looks like SQL",
            code: { data in try await data.model("Note").forEach(reading: ["body\" FROM x; --"]) { _ in } },
            problem: "Model 'own.Note' has no column for a field 'body\" FROM x; --' at this point."),
        WrongUse(
            testDescription: "a value of a field that is none",
            code: { data in try await data.model("Note").insert(["id": .uuid(.v7()), "title": .text("x")]) },
            problem: "Model 'own.Note' has no column for a field 'title' at this point."),
        WrongUse(
            testDescription: "a field that was not read",
            code: { data in
                try await data.model("Note").insert(["id": .uuid(.v7()), "body": .text("x")])
                try await data.model("Note").update(reading: []) { ["body": .text(try $0.text("body"))] }
            }, problem: "The field 'body' of 'own.Note' was not read."),
        WrongUse(
            testDescription: "a number that is a text",
            code: { data in
                try await data.model("Note").insert(["id": .uuid(.v7()), "body": .text("x")])
                try await data.model("Note").forEach(reading: ["body"]) { _ = try $0.integer("body") }
            }, problem: "'own.Note.body' holds text(\"x\"), which is not a whole number."),
    ]

    @Test(arguments: wrongUses)
    func `wrong use of a model is said in words`(_ use: WrongUse) async throws {
        let executor = try Self.executor(RunSwift(reverse: .nothing, use.code))
        let error = await #expect(throws: MigrationError.self) { try await executor.migrate() }
        #expect((error?.underlying as? MigrationError)?.problem == use.problem)
        #expect(try await Self.texts("body") == [])
    }

    @Test func `statements run in their order, and back in the order of the way back`() async throws {
        let executor = try Self.executor(
            RunSQL(
                "UPDATE own_note SET excerpt = body", "UPDATE own_note SET excerpt = excerpt || '!'",
                reverse: .sql("UPDATE own_note SET excerpt = 'x'", "UPDATE own_note SET excerpt = excerpt || 'y'")))
        try await executor.migrate(to: Self.back)
        try await Self.insert("a")
        try await executor.migrate()
        #expect(try await Self.texts("excerpt") == ["a!"])
        try await executor.migrate(to: Self.back)
        #expect(try await Self.texts("excerpt") == ["xy"])
    }

    @Test func `the database and what is known of the models go separate ways`() async throws {
        let executor = try Self.executor(
            SeparateDatabaseAndState(
                database: [
                    RunSQL(
                        "ALTER TABLE own_note ADD COLUMN late varchar(9)",
                        reverse: .sql(
                            "ALTER TABLE own_note DROP COLUMN late"))
                ],
                state: [AddField("Note", .init("late", .char(maxLength: 9), null: true))]),
            AddIndex("Note", .init(name: "note_late_idx", fields: ["late"])),
            SeparateDatabaseAndState(database: [AddField("Note", .init("silent", .text, null: true))]))
        try await executor.migrate()
        #expect(try await Self.texts("late") == [])
        #expect(try await Self.texts("silent") == [])
        let state = try MigrationGraph([
            Migrations(
                app: "own",
                [
                    Migration("0001_initial") {
                        Self.note
                        SeparateDatabaseAndState(state: [RenameField("Note", "body", to: "text")])
                    }
                ])
        ]).state()
        #expect(state.model("own.Note")?.field("text") != nil)
        try await executor.migrate(to: Self.back)
        await #expect(throws: DatabaseError.self) { try await Self.texts("late") }
        await #expect(throws: DatabaseError.self) { try await Self.texts("silent") }
        try await executor.migrate()
        #expect(try await Self.texts("late") == [])
    }

    @Test func `an irreversible part makes the whole irreversible`() async throws {
        let executor = try Self.executor(
            SeparateDatabaseAndState(database: [RunSQL("DELETE FROM own_note", reverse: .irreversible)]))
        try await executor.migrate()
        let error = await #expect(throws: MigrationError.self) { try await executor.migrate(to: Self.back) }
        #expect(error?.kind == .irreversible)
    }

    @Test func `an extension comes and goes where the database has such`() async throws {
        let executor = try Self.executor(CreateExtension("pg_trgm"))
        try await executor.migrate()
        guard try Database.current.dialect.name == "postgresql" else { return }
        func extensions() async throws -> [String] {
            let sql = "SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'"
            return try await Database.current.rows(Statement(sql), access: .write) { try $0.text(at: 0) }
        }
        #expect(try await extensions() == ["pg_trgm"])
        try await executor.migrate(to: Self.back)
        #expect(try await extensions() == [])
    }

    @Test(arguments: ["", "pg trgm", "x\"; DROP TABLE own_note; --", "ä", "a\u{0}b"])
    func `the name of an extension is letters and digits`(_ name: String) async throws {
        let executor = try Self.executor(CreateExtension(name))
        let error = await #expect(throws: MigrationError.self) { try await executor.migrate() }
        #expect(error?.problem.hasSuffix("'\(name)' cannot be the name of an extension.") == true)
    }

    @Test func `what code does is no SQL, and sqlmigrate says so`() throws {
        let graph = try MigrationGraph([
            Migrations(app: "own", [Migration("0001_initial") { RunSwift(reverse: .nothing) { _ in } }])
        ])
        let sql = try graph.sql(for: "own.0001_initial", dialect: Database.current.dialect)
        #expect(sql.contains("-- THIS OPERATION RUNS CODE, WHICH CANNOT BE WRITTEN AS SQL"))
    }
}
