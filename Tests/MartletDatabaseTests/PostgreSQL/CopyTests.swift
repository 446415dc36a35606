import FoundationEssentials
import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    @Suite struct CopyTests {
        private struct Stop: Error {}

        private static func chunks(_ texts: [String]) -> AsyncStream<[UInt8]> {
            AsyncStream { continuation in
                for text in texts { continuation.yield(Array(text.utf8)) }
                continuation.finish()
            }
        }

        private static func read(_ sql: String, _ test: TestDatabase) async throws -> String {
            let collected = Collected()
            try await test.database.copyOut(sql) { await collected.add($0) }
            return String(decoding: await collected.bytes, as: UTF8.self)
        }

        private actor Collected {
            private(set) var bytes: [UInt8] = []
            func add(_ more: [UInt8]) { bytes += more }
        }

        @Test func `rows are copied in and out, wherever their bytes are cut`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("CREATE TABLE t (id integer, name text)")
            let count = try await test.database.copyIn(
                "COPY t FROM STDIN (FORMAT csv)", from: Self.chunks(["1,An", "n\n2,\"B\"\"o", "b\"", "\n", "", "3,\n"]))
            #expect(count == 3)
            #expect(
                try await Self.read("COPY t TO STDOUT (FORMAT csv, HEADER)", test)
                    == "id,name\n1,Ann\n2,\"B\"\"ob\"\n3,\n")
            #expect(try await test.value("SELECT 1") == .integer(1))
        }

        @Test func `megabytes go through, and the reader is not hurried`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("CREATE TABLE t (id integer, name text)")
            let line = String(repeating: "x", count: 1_000)
            let lines = (0..<50).map { part in (0..<200).map { "\(part * 200 + $0)\t\(line)\n" }.joined() }
            #expect(try await test.database.copyIn("COPY t FROM STDIN", from: Self.chunks(lines)) == 10_000)
            let text = try await Self.read("COPY (SELECT * FROM t ORDER BY id) TO STDOUT", test)
            #expect(text == lines.joined())
        }

        @Test func `a copy that fails leaves nothing, and the connection lives on`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("CREATE TABLE t (id integer PRIMARY KEY, name text)")
            let twice = await #expect(throws: DatabaseError.self) {
                try await test.database.copyIn("COPY t FROM STDIN", from: Self.chunks(["1\ta\n2\tb\n", "1\tc\n"]))
            }
            #expect(twice?.kind == .uniqueViolation && twice?.columns == ["t.id"] && twice?.constraint == "t_pkey")
            let failing = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(Array("7\ta\n".utf8))
                continuation.finish(throwing: Stop())
            }
            await #expect(throws: Stop.self) { try await test.database.copyIn("COPY t FROM STDIN", from: failing) }
            await #expect(throws: Stop.self) {
                try await test.database.copyOut("COPY (SELECT generate_series(1, 10000000)) TO STDOUT") { _ in
                    throw Stop()
                }
            }
            for sql in ["COPY nothing FROM STDIN", "COPY t TO STDOUT", "SELECT 1", ""] {
                await #expect(throws: DatabaseError.self) {
                    try await test.database.copyIn(sql, from: Self.chunks(["1\ta\n"]))
                }
            }
            #expect(try await test.value("SELECT count(*) FROM t") == .integer(0))
        }

        @Test func `a copy in a transaction is undone with it`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("CREATE TABLE t (id integer)")
            await #expect(throws: Stop.self) {
                try await test.inTransaction {
                    try await test.database.copyIn("COPY t FROM STDIN", from: Self.chunks(["1\n2\n"]))
                    let count = try await test.value("SELECT count(*) FROM t")
                    #expect(count == .integer(2))
                    throw Stop()
                }
            }
            #expect(try await test.value("SELECT count(*) FROM t") == .integer(0))
        }

        @Test(.timeLimit(.minutes(2)))
        func `a server that has something to say of each row is heard while it takes them`() async throws {
            let test = try TestDatabase.open(models: [Label.self, Copied.self]) { $0.limit = 1 }
            try await test.run(
                """
                CREATE TABLE copied (id uuid PRIMARY KEY, text text, number bigint NOT NULL, real double precision NOT NULL,
                flag boolean NOT NULL, moment timestamptz NOT NULL)
                """,
                """
                CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE NOTICE '%', repeat('x', 1000); RETURN NEW;
                END $$
                """, "CREATE TRIGGER tell BEFORE INSERT ON copied FOR EACH ROW EXECUTE FUNCTION tell()")
            let models = (0..<20_000).map { Copied(number: $0, real: 0, flag: false) }
            try await test.database.use {
                _ = try await Copied.objects.createMany(models)
                #expect(try await Copied.objects.count() == 20_000)
            }
        }

        @Test func `a cancelled task ends its copy`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("CREATE TABLE t (id integer)")
            let (endless, feed) = AsyncStream.makeStream(of: [UInt8].self)
            feed.yield(Array("1\n".utf8))
            let task = Task { try await test.database.copyIn("COPY t FROM STDIN", from: endless) }
            while test.backend.gauges.idle == 1 { await Task.yield() }
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
            #expect(try await test.value("SELECT count(*) FROM t") == .integer(0))
        }

        @Test func `a source that ends because its task was cancelled is not taken for all of the rows`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("CREATE TABLE t (id integer)")
            // What a stream does whose task is cancelled: it ends, without an error.
            let ending = AsyncStream<[UInt8]>(unfolding: {
                guard !Task.isCancelled else { return nil }
                withUnsafeCurrentTask { $0?.cancel() }
                return Array("1\n".utf8)
            })
            let calls = CallCount()
            let endingLater = AsyncStream<[UInt8]>(unfolding: {
                guard calls.add() > 1 else { return Array("1\n".utf8) }
                withUnsafeCurrentTask { $0?.cancel() }
                return nil
            })
            for source in [ending, endingLater] {
                let task = Task { try await test.database.copyIn("COPY t FROM STDIN", from: source) }
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await test.value("SELECT count(*) FROM t") == .integer(0))
                #expect(test.backend.gauges.open == 1 && test.backend.gauges.idle == 1)
            }
        }

        static let texts = [
            "", "\\", "\\N", "\\.", "\t", "\n", "\r\n", "a\tb\nc\\d", "'\"; DROP TABLE x; --", "%_", "💥é", "null",
            String(repeating: "long ", count: 20_000),
        ]

        private static func model(_ number: Int) -> Copied {
            var model = Copied(number: number, real: Double(number) / 3, flag: number.isMultiple(of: 3))
            if number < texts.count { model.text = texts[number] } else if number.isMultiple(of: 2) { model.text = "x" }
            if number == 0 { model.number = .min }
            if number == 1 { model.real = 1e-300 }
            model.moment = Date(timeIntervalSince1970: Double(number) * 86_400.5)
            return model
        }

        @Test func `many models are copied as they would be inserted`() async throws {
            let test = try TestDatabase.open(models: [Label.self, Copied.self]) { $0.limit = 1 }
            try await test.run(
                """
                CREATE TABLE copied (id uuid PRIMARY KEY, text text, number bigint NOT NULL, real double precision NOT NULL,
                flag boolean NOT NULL, moment timestamptz NOT NULL)
                """)
            let models = (0..<1_500).map(Self.model)
            let log = StatementLog()
            try await test.database.use {
                _ = try await log.observing { try await Copied.objects.createMany(models) }
                #expect(log.statements.map(\.sql).filter { $0.hasPrefix("COPY") }.count == 1)
                #expect(log.statements.first { $0.sql.hasPrefix("COPY") }?.rows == 1_500)
                let stored = try await Copied.objects.all()
                #expect(Set(stored.map(\.line)) == Set(models.map(\.line)))
            }
        }

        @Test func `an error in a copy of models is that of an insert`() async throws {
            let test = try TestDatabase.open(models: [Copied.self]) { $0.limit = 1 }
            try await test.run(
                """
                CREATE TABLE copied (id uuid PRIMARY KEY, text text UNIQUE, number bigint NOT NULL,
                real double precision NOT NULL, flag boolean NOT NULL, moment timestamptz NOT NULL)
                """)
            try await test.database.use {
                let twice = await #expect(throws: DatabaseError.self) {
                    try await Copied.objects.createMany((0..<1_500).map { Copied(text: "\($0 % 1_499)") })
                }
                #expect(twice?.kind == .uniqueViolation && twice?.columns == ["copied.text"])
                let zero = await #expect(throws: DatabaseError.self) {
                    var models = (0..<1_500).map { Copied(text: "\($0)") }
                    models[700].text = "a\0b"
                    try await Copied.objects.createMany(models)
                }
                #expect(zero?.kind == .invalidValue)
                #expect(zero?.message.hasPrefix("Value 2 has a null character") == true)
                let count = try await Copied.objects.count()
                #expect(count == 0)
            }
        }

        @Test func `a copy is refused on another database, with what to do`() async throws {
            let other = Database(NoBackend())
            let error = await #expect(throws: ORMError.self) {
                try await other.copyIn("COPY t FROM STDIN", from: Self.chunks([]))
            }
            #expect(error?.description.contains("Use `createMany`") == true)
        }
    }
}

private struct Copied: Model {
    var id = UUID()
    var text: String?
    var number = 0
    var real = 0.0
    var flag = false
    var moment = Date(timeIntervalSince1970: 0)

    /// All of it.
    var line: String {
        "\(id) \(text ?? "null") \(number) \(real) \(flag) \(moment.timeIntervalSince1970)"
    }

    static let table = Table<Copied>(
        .uuid(\.id, primaryKey: true), .text(\.text), .bigInteger(\.number), .float(\.real), .bool(\.flag),
        .dateTime(\.moment), name: "copied")
}

/// A database that lends connections and does nothing.
private struct NoBackend: DatabaseBackend {
    private final class Connection: DatabaseConnection {
        var isUsable: Bool { true }

        func rows<Value: Sendable>(
            _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
        ) async throws -> [Value] { [] }

        func execute(_ statement: Statement) async throws -> ExecutionResult { ExecutionResult(changedRows: 0) }

        func cursor<Value: Sendable>(
            _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
        ) async throws -> any RowCursor<Value> { throw CancellationError() }
    }

    var dialect: any SQLDialect { PostgreSQLDialect() }
    func lease(_ access: DatabaseAccess) async throws -> any DatabaseConnection { Connection() }
    func release(_ connection: any DatabaseConnection, _ access: DatabaseAccess) {}
    func close() async {}
}
