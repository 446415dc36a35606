import CSQLite
import FoundationEssentials
import MartletORM
import MartletSQLite
import Testing

private struct Bird: Model {
    var id = 0
    var name = ""
    var weight = 0.0
    var eggs = 0
    var isRare = false
    var seenOn: Date?
    var parent: ForeignKey<Bird>?

    static let appLabel = "park"
    static let table = Table<Bird>(
        .auto(\.id), .char(\.name, maxLength: 50), .float(\.weight), .integer(\.eggs), .bool(\.isRare),
        .dateTime(\.seenOn), .foreignKey(\.parent, onDelete: .setNull))

    static let layout = TableLayout(
        name: "park_bird",
        columns: [
            ColumnLayout("id", .auto, primaryKey: true), ColumnLayout("name", .char(maxLength: 50)),
            ColumnLayout("weight", .float), ColumnLayout("eggs", .integer), ColumnLayout("is_rare", .bool),
            ColumnLayout("seen_on", .dateTime, null: true),
            ColumnLayout(
                "parent_id", .bigInteger, null: true, references: .init(table: "park_bird", column: "id")),
        ])

    /// Makes the table as a migration would.
    static func makeTable(in database: Database) async throws {
        for step in database.dialect.schemaEditor.createTable(layout) {
            for sql in step.statements { try await database.execute(Statement(sql)) }
        }
    }
}

@Suite struct MaintenanceTests {
    private func withDatabase(
        _ configure: (inout SQLiteConfiguration) -> Void = { _ in },
        _ operation: (Database, SQLiteBackend, URL) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            var configuration = SQLiteConfiguration(path: folder.appendingPathComponent("park.sqlite3").path)
            configure(&configuration)
            let backend = SQLiteBackend(configuration)
            let database = Database(backend, models: ModelRegistry([Bird.self]))
            try await database.use { try await operation(database, backend, folder) }
            await backend.close()
        }
    }

    private func names(in path: String) async throws -> [String] {
        var configuration = SQLiteConfiguration(path: path)
        configuration.isReadOnly = true
        let database = Database(SQLiteBackend(configuration))
        let names = try await database.use { try await Bird.objects.order { $0.id }.all().map(\.name) }
        await database.backend.close()
        return names
    }

    // MARK: Backups

    @Test func `a backup holds what was there when it began, while others go on writing`() async throws {
        try await withDatabase { database, backend, folder in
            try await Bird.makeTable(in: database)
            try await Bird.objects.createMany((0..<2_000).map { Bird(name: "\($0)") })
            let path = folder.appendingPathComponent("copy 'of' the \"park\" 😀.sqlite3").path
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<200 { try await Bird.objects.create(Bird(name: "new \(number)")) }
                }
                try await backend.backup(to: path)
                try await group.waitForAll()
            }
            let kept = try await names(in: path)
            // A state that was: all of the old rows, and the first of the new ones.
            #expect(Array(kept.prefix(2_000)) == (0..<2_000).map { "\($0)" })
            #expect(Array(kept.dropFirst(2_000)) == (0..<(kept.count - 2_000)).map { "new \($0)" })
            #expect(try await Bird.objects.count() == 2_200)
            #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
        }
    }

    @Test func `a backup inside a transaction does not hold what is not committed`() async throws {
        try await withDatabase { database, backend, folder in
            try await Bird.makeTable(in: database)
            try await transaction {
                try await Bird.objects.create(Bird(name: "wren"))
                try await backend.backup(to: folder.appendingPathComponent("copy").path)
            }
            #expect(try await names(in: folder.appendingPathComponent("copy").path) == [])
        }
    }

    @Test func `a backup replaces no file and needs a place`() async throws {
        try await withDatabase { database, backend, folder in
            try await Bird.makeTable(in: database)
            let path = folder.appendingPathComponent("letter.txt").path
            try Data("Dear Ann".utf8).write(to: URL(fileURLWithPath: path))
            let exists = await #expect(throws: DatabaseError.self) { try await backend.backup(to: path) }
            #expect(exists?.message == "\(path) exists already, and is not replaced. Name another file.")
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("Dear Ann".utf8))
            for path in ["", "a\0b", "/no/such/folder/copy.sqlite3"] {
                await #expect(throws: DatabaseError.self, "\(path)") { try await backend.backup(to: path) }
            }
            // The connection that copied is whole.
            #expect(try await Bird.objects.count() == 0)
        }
    }

    @Test func `a backup that is cancelled leaves nothing`() async throws {
        try await withDatabase { database, backend, folder in
            try await Bird.makeTable(in: database)
            let path = folder.appendingPathComponent("copy").path
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await backend.backup(to: path)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { $0.hasPrefix("park") })
        }
    }

    // MARK: Storage classes

    struct WrongCase: Sendable, CustomTestStringConvertible {
        let column: String
        /// In SQL.
        let value: String
        /// What SQLite makes of it by itself, as in any column of texts; `nil` where it is refused.
        var becomes: String?

        var testDescription: String { "\(column) = \(value)" }
    }

    static let wrong = [
        WrongCase(column: "name", value: "7", becomes: "7"), WrongCase(column: "name", value: "x'00'"),
        WrongCase(column: "weight", value: "'heavy'"), WrongCase(column: "eggs", value: "'many'"),
        WrongCase(column: "eggs", value: "1.5"), WrongCase(column: "is_rare", value: "'yes'"),
        WrongCase(column: "seen_on", value: "1700000000"), WrongCase(column: "parent_id", value: "'Ann'"),
    ]

    @Test(arguments: wrong)
    func `a table with checks keeps no value of another storage class`(_ example: WrongCase) async throws {
        try await withDatabase({ $0.checksStorage = true }) { database, backend, _ in
            try await Bird.makeTable(in: database)
            let bird = try await Bird.objects.create(Bird(name: "wren", weight: 8, eggs: 5, seenOn: .now))
            try await Bird.objects.filter { $0.id == bird.id }.update { $0.seenOn = nil }
            let write = Statement("UPDATE park_bird SET \(example.column) = \(example.value)")
            let question = Statement("SELECT typeof(\(example.column)), \(example.column) FROM park_bird")
            let before = try await database.rows(question) { [$0.value(at: 0), $0.value(at: 1)] }
            if let text = example.becomes {
                #expect(try await database.execute(write).changedRows == 1)
                let after = try await database.rows(question) { [$0.value(at: 0), $0.value(at: 1)] }
                #expect(after == [[.text("text"), .text(text)]])
            } else {
                let error = await #expect(throws: DatabaseError.self) { try await database.execute(write) }
                #expect(error?.kind == .checkViolation)
                #expect(try await database.rows(question) { [$0.value(at: 0), $0.value(at: 1)] } == before)
            }
            #expect(try await Bird.objects.count() == 1)
            #expect(try await backend.problems(of: database.models) == [])
        }
    }

    @Test func `values of another storage class are an error at reading, and are found`() async throws {
        try await withDatabase { database, backend, _ in
            try await Bird.makeTable(in: database)
            try await Bird.objects.createMany([Bird(name: "wren"), Bird(name: "rook")])
            #expect(try await backend.problems(of: database.models) == [])
            try await database.execute(Statement("UPDATE park_bird SET eggs = 'many', is_rare = 'yes' WHERE id = 1"))
            let error = await #expect(throws: DecodingProblem.self) { try await Bird.objects.all() }
            #expect(error?.column == "eggs")
            #expect(error?.found == "the text 'many'")
            #expect(
                try await backend.problems(of: database.models) == [
                    "1 row of park_bird has text in the column eggs, which holds integer. Correct them.",
                    "1 row of park_bird has text in the column is_rare, which holds integer. Correct them.",
                ])
        }
    }

    @Test func `references to rows that are not there are found`() async throws {
        try await withDatabase { database, backend, _ in
            try await Bird.makeTable(in: database)
            let connection = try await backend.lease(.write)
            for sql in [
                "PRAGMA foreign_keys = OFF",
                "INSERT INTO park_bird (name, weight, eggs, is_rare, parent_id) VALUES ('wren', 8, 5, 0, 4711)",
                "PRAGMA foreign_keys = ON",
            ] { _ = try await connection.execute(Statement(sql)) }
            backend.release(connection, .write)
            #expect(
                try await backend.problems(of: database.models) == [
                    "A row of park_bird refers to one of park_bird that does not exist. "
                        + "Make that row, or change the reference."
                ])
        }
    }

    @Test func `a damaged file is told`() async throws {
        try await withFolder { folder in
            let path = folder.appendingPathComponent("park.sqlite3").path
            let database = Database(SQLiteBackend(path: path), models: ModelRegistry([Bird.self]))
            try await database.use {
                try await Bird.makeTable(in: database)
                try await database.execute(Statement("CREATE INDEX park_name ON park_bird (name)"))
                try await Bird.objects.createMany((0..<500).map { Bird(name: "bird \($0)") })
            }
            await database.backend.close()
            // What stood in the index is gone.
            var raw: OpaquePointer?
            #expect(sqlite3_open(path, &raw) == SQLITE_OK)
            for sql in [
                "PRAGMA writable_schema = ON",
                "UPDATE sqlite_master SET sql = 'CREATE INDEX park_name ON park_bird (weight)' WHERE name = 'park_name'",
            ] { #expect(sqlite3_exec(raw, sql, nil, nil, nil) == SQLITE_OK) }
            sqlite3_close(raw)
            let backend = SQLiteBackend(path: path)
            let problems = try await backend.problems(of: database.models)
            #expect(problems.first?.hasPrefix("The file is damaged: ") == true)
            await backend.close()
        }
    }

    // MARK: Files and memory

    @Test func `a database in memory is one for all, until it is closed`() async throws {
        let database = Database(SQLiteBackend(path: ":memory:"), models: ModelRegistry([Bird.self]))
        try await database.use {
            try await Bird.makeTable(in: database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await transaction { try await Bird.objects.create(Bird(name: "\(number)")) }
                        _ = try await Bird.objects.all()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await Bird.objects.count() == 20)
        }
        await database.backend.close()
        #expect(!FileManager.default.fileExists(atPath: ":memory:"))
        let other = Database(SQLiteBackend(path: ":memory:"))
        await #expect(throws: DatabaseError.self) { try await other.use { try await Bird.objects.count() } }
    }

    @Test func `a database that is only read is not written, not made and not changed`() async throws {
        try await withDatabase { database, _, folder in
            try await Bird.makeTable(in: database)
            try await Bird.objects.create(Bird(name: "wren"))
            let path = folder.appendingPathComponent("park.sqlite3").path
            var configuration = try #require(SQLiteConfiguration(url: "sqlite:///\(path)?mode=ro"))
            #expect(configuration.isReadOnly)
            let reading = Database(SQLiteBackend(configuration))
            try await reading.use {
                let names = try await Bird.objects.all().map(\.name)
                #expect(names == ["wren"])
                let error = await #expect(throws: DatabaseError.self) {
                    try await Bird.objects.create(Bird(name: "rook"))
                }
                #expect(error?.kind == .readOnly)
            }
            await reading.backend.close()
            configuration.path = folder.appendingPathComponent("missing.sqlite3").path
            let missing = Database(SQLiteBackend(configuration))
            let error = await #expect(throws: DatabaseError.self) { try await missing.execute(Statement("SELECT 1")) }
            #expect(error?.kind == .connection)
            #expect(!FileManager.default.fileExists(atPath: configuration.path))
        }
    }

    @Test(arguments: [
        ("sqlite:///data/blog.sqlite3", "data/blog.sqlite3", false), ("sqlite:////srv/blog.db", "/srv/blog.db", false),
        ("sqlite:///:memory:", ":memory:", false), ("sqlite:////srv/blog.db?mode=ro", "/srv/blog.db", true),
        ("sqlite:///a?mode=rwc", "a", false), ("sqlite:///B%C3%BCcher%20100%25%3F%23.db", "Bücher 100%?#.db", false),
        ("sqlite:///Bücher.db", "Bücher.db", false),
    ])
    func `a URL says where the database is`(_ url: String, _ path: String, _ isReadOnly: Bool) throws {
        let configuration = try #require(SQLiteConfiguration(url: url))
        #expect(configuration.path == path)
        #expect(configuration.isReadOnly == isReadOnly)
    }

    @Test(
        arguments: [
            ("sqlite:///a.db\r", "there is a carriage return (\\r) at character 15"),
            ("sqlite:///a\u{A0}b", "there is a control character or blank (U+00A0) at character 12"),
            ("sqlite:///a\tb", "there is a control character or blank (U+0009) at character 12"),
            ("sqlite:///a?b", "the '?' at character 12 must be written %3F"), ("sqlite:///a%20b", nil),
        ] as [(String, String?)])
    func `the character that is wrong in a URL is named`(_ url: String, _ problem: String?) {
        #expect(SQLiteURL.problem(in: url) == problem)
    }

    @Test(arguments: [
        "", "sqlite:", "sqlite:///", "sqlite:///?mode=ro", "sqlite:///a?mode=x", "postgresql:///a", "a.db",
        "sqlite:///a b", "sqlite:///a#b", "sqlite:///a\r", "sqlite:///a%", "sqlite:///a%0", "sqlite:///a%00",
        "sqlite:///a%FF", "sqlite:///\0",
    ])
    func `what is no such URL is refused`(_ url: String) {
        #expect(SQLiteConfiguration(url: url) == nil)
    }

    @Test func `closing counts the rows of what has changed`() async throws {
        try await withFolder { folder in
            let path = folder.appendingPathComponent("park.sqlite3").path
            let database = Database(SQLiteBackend(path: path))
            try await database.use {
                try await Bird.makeTable(in: database)
                try await database.execute(Statement("CREATE INDEX park_name ON park_bird (name)"))
                try await database.execute(Statement("ANALYZE"))
                try await Bird.objects.createMany((0..<1_000).map { Bird(name: "bird \($0)") })
                // A query that the counts would have helped.
                for _ in 0..<3 {
                    _ = try await database.rows(
                        Statement("SELECT 1 FROM park_bird WHERE name = 'bird 7'"), access: .write
                    ) { _ in 1 }
                }
            }
            await database.backend.close()
            let again = Database(SQLiteBackend(path: path))
            let counted = try await again.rows(Statement("SELECT stat FROM sqlite_stat1 WHERE idx = 'park_name'")) {
                try $0.text(at: 0)
            }
            // The count is estimated from a sample; the table was empty when all were counted.
            #expect(counted.count == 1, "\(counted)")
            await again.backend.close()
        }
    }

    // MARK: Many rows

    @Test func `rows that are inserted in one job have their numbers, in order`() async throws {
        try await withDatabase { database, _, _ in
            try await Bird.makeTable(in: database)
            try await Bird.objects.create(Bird(name: "first"))
            let birds = try await Bird.objects.createMany((0..<5_000).map { Bird(name: "\($0)", eggs: $0) })
            #expect(birds.map(\.id) == Array(2...5_001))
            let stored = try await Bird.objects.order { $0.id }.all()
            #expect(stored.dropFirst().map(\.name) == birds.map(\.name))
            #expect(stored.dropFirst().allSatisfy { $0.eggs == $0.id - 2 && $0.seenOn == nil })
        }
    }

    @Test func `a row that is refused takes all others with it`() async throws {
        try await withDatabase { database, _, _ in
            try await Bird.makeTable(in: database)
            try await database.execute(Statement("CREATE UNIQUE INDEX one ON park_bird (name)"))
            let birds = (0..<3_000).map { Bird(name: "\($0 % 2_999)") }
            let error = await #expect(throws: DatabaseError.self) { try await Bird.objects.createMany(birds) }
            #expect(error?.kind == .uniqueViolation)
            #expect(error?.columns == ["park_bird.name"])
            #expect(try await Bird.objects.count() == 0)
            try await transaction {
                try await Bird.objects.create(Bird(name: "kept"))
                _ = try? await Bird.objects.createMany(birds)
            }
            #expect(try await Bird.objects.all().map(\.name) == ["kept"])
        }
    }
}
