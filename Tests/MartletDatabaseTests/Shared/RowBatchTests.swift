import FoundationEssentials
import MartletORM
import Synchronization
import Testing

/// Rows that are read a batch at a time.
@Suite(.library) struct RowBatchTests {
    private struct Stop: Error {}

    private func fill(_ count: Int) async throws {
        try await Person.objects.createMany((1...count).map { Person(name: "p\($0)") })
    }

    private static let names = Statement("SELECT \"name\" FROM \"library_person\" ORDER BY \"id\"")

    private func batches(of size: Int) throws -> RowBatches<String> {
        try Database.current.batches(of: size, Self.names) { try $0.text(at: 0) }
    }

    @Test(arguments: [(rows: 7, size: 3), (rows: 6, size: 3), (rows: 2, size: 5), (rows: 1, size: 1)])
    func `all rows come in their order, and no batch is empty`(_ example: (rows: Int, size: Int)) async throws {
        try await fill(example.rows)
        var sizes: [Int] = []
        var names: [String] = []
        for try await batch in try batches(of: example.size) {
            sizes.append(batch.count)
            names += batch
        }
        #expect(names == (1...example.rows).map { "p\($0)" })
        #expect(sizes.allSatisfy { (1...example.size).contains($0) })
        #expect(sizes.count == (example.rows + example.size - 1) / example.size)
    }

    @Test func `a query without rows has no batch`() async throws {
        for try await batch in try batches(of: 3) { Issue.record("a batch of \(batch.count)") }
    }

    @Test func `no row is decoded before it is asked for`() async throws {
        try await fill(10)
        let decoded = Atomic(0)
        let batches = try Database.current.batches(of: 4, Self.names) { row in
            decoded.add(1, ordering: .relaxed)
            return try row.text(at: 0)
        }
        var iterator = batches.makeAsyncIterator()
        #expect(decoded.load(ordering: .relaxed) == 0)
        #expect(try await iterator.next()?.count == 4)
        #expect(decoded.load(ordering: .relaxed) == 4)
        #expect(try await iterator.next()?.count == 4)
        #expect(try await iterator.next() == ["p9", "p10"])
        #expect(try await iterator.next() == nil)
        #expect(decoded.load(ordering: .relaxed) == 10)
    }

    @Test func `loops that are left early give their connections back`() async throws {
        try await fill(10)
        // More than there are connections.
        for _ in 0..<20 {
            for try await batch in try batches(of: 2) {
                #expect(batch == ["p1", "p2"])
                break
            }
        }
        #expect(try await Person.objects.count() == 10)
    }

    @Test func `the query sees the rows of its beginning, and other statements run between its batches`() async throws {
        try await fill(5)
        try await transaction {
            var seen: [String] = []
            for try await batch in try batches(of: 2) {
                seen += batch
                for name in batch { try await Person.objects.create(Person(name: "new \(name)")) }
            }
            #expect(seen == ["p1", "p2", "p3", "p4", "p5"])
            #expect(try await Person.objects.count() == 10)
        }
        #expect(try await Person.objects.count() == 10)
    }

    @Test func `several loops run in one transaction, one in another`() async throws {
        try await fill(4)
        var pairs: [String] = []
        try await transaction {
            for try await outer in try batches(of: 2) {
                for try await inner in try batches(of: 3) { pairs.append("\(outer.count)\(inner.count)") }
            }
        }
        #expect(pairs == ["23", "21", "23", "21"])
    }

    @Test func `rows cannot be read after the end of their transaction`() async throws {
        try await fill(4)
        let reading = try batches(of: 2)
        var iterator = reading.makeAsyncIterator()
        let first = try await transaction { try await iterator.next() }
        #expect(first?.count == 2)
        var message = ""
        do { _ = try await iterator.next() } catch { message = "\(error)" }
        #expect(message.contains("after its transaction has ended"))
        #expect(try await iterator.next() == nil)
    }

    @Test func `an error while decoding ends the query`() async throws {
        try await fill(4)
        let failing = try Database.current.batches(of: 1, Self.names) { row in
            let name = try row.text(at: 0)
            if name == "p2" { throw Stop() }
            return name
        }
        var seen: [String] = []
        await #expect(throws: Stop.self) { for try await batch in failing { seen += batch } }
        #expect(seen == ["p1"])
        #expect(try await Person.objects.count() == 4)
    }

    @Test func `a cancelled task reads no further`() async throws {
        try await fill(4)
        let database = try Database.current
        let began = AsyncStream.makeStream(of: Void.self)
        let proceed = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            var iterator = database.batches(of: 1, Self.names) { try $0.text(at: 0) }.makeAsyncIterator()
            _ = try await iterator.next()
            began.continuation.finish()
            // Ends with the task's cancellation, too.
            for await _ in proceed.stream {}
            return try await iterator.next()
        }
        for await _ in began.stream {}
        task.cancel()
        proceed.continuation.finish()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await Person.objects.count() == 4)
    }

    static let refused = [
        "INSERT INTO \"library_person\" (\"name\", \"is_active\") VALUES ('x', true) RETURNING \"name\"",
        "SELEKT 1", "", "SELECT nothing FROM \"library_person\"", "SELECT 1; SELECT 2",
    ]

    @Test(arguments: refused)
    func `what is no query is refused, and the next one works`(_ sql: String) async throws {
        let batches = try Database.current.batches(of: 1, Statement(sql)) { try $0.text(at: 0) }
        let error = await #expect(throws: DatabaseError.self) { for try await _ in batches {} }
        #expect(error?.kind == .statement)
        try await fill(1)
        #expect(try await Person.objects.count() == 1)
    }

    static let hostile = [
        "'", "\"", "'; DROP TABLE library_person; --", "\\", "%_", "💥", String(repeating: "x", count: 50),
    ]

    @Test(arguments: hostile)
    func `values stay values`(_ name: String) async throws {
        try await Person.objects.createMany([Person(name: name), Person(name: "other")])
        let dialect = try Database.current.dialect
        let statement = Statement(
            "SELECT \"name\" FROM \"library_person\" WHERE \"name\" = \(dialect.placeholder(1))", [.text(name)])
        var names: [String] = []
        for try await batch in try Database.current.batches(of: 5, statement, decode: { try $0.text(at: 0) }) {
            names += batch
        }
        #expect(names == [name])
    }

    @Test func `the statements that read batches are events`() async throws {
        try await fill(3)
        let log = StatementLog()
        try await log.observing { for try await _ in try batches(of: 2) {} }
        #expect(log.statements.map(\.sql) == [Self.names.sql, Self.names.sql])
        #expect(log.statements.map(\.rows) == [2, 1])
    }
}
