import FoundationEssentials
import Glibc
import MartletORM
import MartletSQLite
import Testing

/// Queries that are short run on the thread of whoever asks.
@Suite struct ShortQueryTests {
    /// Counts to a number, as slowly as it is large.
    private static let counting = """
        SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n)
        """

    /// What a count gives, and whether this thread did it.
    private func count(to number: Int64, on database: Database) async throws -> (count: Int64, isHere: Bool) {
        let here = pthread_self()
        let found = try await database.rows(Statement(Self.counting, [.integer(number)])) { row in
            (count: try row.integer(at: 0), isHere: pthread_self() == here)
        }
        return try #require(found.first)
    }

    private func withDatabase(_ body: (Database) async throws -> Void) async throws {
        try await withFolder { folder in
            let path = folder.appendingPathComponent("db.sqlite3").path
            var configuration = SQLiteConfiguration(path: path)
            configuration.readers = 1
            let database = Database(SQLiteBackend(configuration))
            try await body(database)
            await database.backend.close()
        }
    }

    /// Asks until the machine was quick enough to call it short.
    private func countUntilHere(on database: Database) async throws {
        while try await !count(to: 3, on: database).isHere { await Task.yield() }
    }

    @Test func `a query that was short runs here, and elsewhere when it turns out to be long`() async throws {
        try await withDatabase { database in
            #expect(try await !count(to: 3, on: database).isHere)
            try await countUntilHere(on: database)
            let long = try await count(to: 200_000, on: database)
            #expect(long.count == 200_000 && !long.isHere)
            // The last one was long.
            let next = try await count(to: 3, on: database)
            #expect(next.count == 3 && !next.isHere)
            try await countUntilHere(on: database)
        }
    }

    @Test func `what fails here is the error that it is elsewhere`() async throws {
        struct Refusal: Error {}
        try await withDatabase { database in
            try await countUntilHere(on: database)
            await #expect(throws: Refusal.self) {
                try await database.rows(Statement(Self.counting, [.integer(3)])) { _ in throw Refusal() }
            }
            await #expect(throws: DatabaseError.self) {
                try await database.rows(Statement(Self.counting, [.integer(3), .integer(4)])) { _ in () }
            }
            #expect(try await count(to: 5, on: database).count == 5)
        }
    }

    @Test func `a task that was cancelled asks nothing`() async throws {
        try await withDatabase { database in
            try await countUntilHere(on: database)
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await count(to: 3, on: database).count
            }
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func `many tasks that ask short queries at once each get their own answer`() async throws {
        try await withDatabase { database in
            try await countUntilHere(on: database)
            let counts = try await withThrowingTaskGroup(of: Bool.self) { group in
                for task in 1...8 {
                    group.addTask {
                        for number in 1...100 {
                            let wanted = Int64(task * number)
                            guard try await count(to: wanted, on: database).count == wanted else { return false }
                        }
                        return true
                    }
                }
                return try await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(counts == Array(repeating: true, count: 8))
        }
    }
}
