import MartletORM
import MartletTiming
import Testing

/// A statement that runs until somebody ends it.
private let endless = Statement(
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)"
        + " SELECT count(*) FROM numbers WHERE n < 0")

@Sendable private func runEndless() async throws {
    _ = try await Database.current.rows(endless) { $0.value(at: 0) }
}

@Suite(.library) struct StatementLimitTests {
    @Test func `a statement is ended when the time is over, and its connection lives on`() async throws {
        let time = ManualTime()
        let error = await #expect(throws: TimeLimitError.self) {
            try await withTimeLimit(.seconds(3), time: time.source) {
                async let running: Void = runEndless()
                time.advance(by: .seconds(3))
                try await running
            }
        }
        let cause = try #require(error?.cause as? DatabaseError)
        #expect(cause.kind == .timeout)
        #expect(cause.sql == endless.sql)
        #expect(cause.message.contains("The time limit of 3.0 seconds was over."))
        #expect(try await Person.objects.count() == 0)
    }

    @Test func `a statement that is under way is ended by the clock itself`() async throws {
        let error = await #expect(throws: TimeLimitError.self) {
            try await withTimeLimit(.milliseconds(50)) { try await runEndless() }
        }
        #expect((error?.cause as? DatabaseError)?.kind == .timeout)
        #expect(try await Person.objects.count() == 0)
    }

    @Test func `a statement is ended when its task is cancelled`() async throws {
        let task = Task { try await runEndless() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await Person.objects.count() == 0)
    }

    @Test func `a transaction whose time is over is rolled back`() async throws {
        let time = ManualTime()
        await #expect(throws: TimeLimitError.self) {
            try await withTimeLimit(.seconds(3), time: time.source) {
                try await transaction {
                    try await Person.objects.create(Person(name: "Ann"))
                    async let running: Void = runEndless()
                    time.advance(by: .seconds(3))
                    try await running
                }
            }
        }
        #expect(try await Person.objects.count() == 0)
        try await transaction { try await Person.objects.create(Person(name: "Bob")) }
        #expect(try await Person.objects.values { $0.name } == ["Bob"])
    }

    @Test func `a nested transaction whose time is over leaves the outer one as it was`() async throws {
        let time = ManualTime()
        try await transaction {
            try await Person.objects.create(Person(name: "Ann"))
            await #expect(throws: TimeLimitError.self) {
                try await withTimeLimit(.seconds(3), time: time.source) {
                    try await transaction {
                        try await Person.objects.create(Person(name: "Bob"))
                        time.advance(by: .seconds(3))
                        try await Person.objects.create(Person(name: "Cid"))
                    }
                }
            }
            #expect(try await Person.objects.values { $0.name } == ["Ann"])
        }
        #expect(try await Person.objects.count() == 1)
    }

    @Test func `no statement begins when the time is over, also in a task that hides from the cancellation`()
        async throws
    {
        let time = ManualTime()
        let error = await #expect(throws: TimeLimitError.self) {
            try await withTimeLimit(.seconds(3), time: time.source) {
                time.advance(by: .seconds(3))
                _ = try await Task { try await Person.objects.count() }.value
            }
        }
        #expect((error?.cause as? DatabaseError)?.kind == .timeout)
    }

    @Test func `what is already done is not undone when the time is over afterwards`() async throws {
        let time = ManualTime()
        try await withTimeLimit(.seconds(3), time: time.source) {
            try await Person.objects.create(Person(name: "Ann"))
            time.advance(by: .seconds(3))
        }
        #expect(try await Person.objects.count() == 1)
    }

    @Test func `the wait for a connection ends with the time`() async throws {
        let time = ManualTime()
        let database = try Database.current
        let error = try await transaction {
            // This transaction has the one connection that writes, in SQLite; PostgreSQL lends four.
            var others: [any DatabaseConnection] = []
            if database.dialect.name == "postgresql" {
                for _ in 0..<3 { others.append(try await database.backend.lease(.write)) }
            }
            defer { for other in others { database.backend.release(other, .write) } }
            return await #expect(throws: TimeLimitError.self) {
                try await withTimeLimit(.seconds(3), time: time.source) {
                    async let waiting = database.backend.lease(.write)
                    time.advance(by: .seconds(3))
                    database.backend.release(try await waiting, .write)
                }
            }
        }
        let cause = try #require(error?.cause as? DatabaseError)
        #expect(cause.kind == .timeout)
        #expect(cause.message.contains("came free before the time limit of 3.0 seconds was over"))
        try await Person.objects.create(Person(name: "Ann"))
    }

    // SQLite ends the whole transaction when a statement that writes is interrupted; PostgreSQL refuses all that follows.
    @Test func `a transaction that goes on after a write that was ended keeps nothing`() async throws {
        let update = Statement(
            "UPDATE library_person SET name = 'Eve' WHERE (WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL "
                + "SELECT n + 1 FROM numbers) SELECT count(*) FROM numbers WHERE n < 0) >= 0")
        // A statement that has not begun is not ended but left out, and the transaction is whole. Nobody is told when it
        // begins, so the time is over after some turns of the task, and after twice as many until it was under way.
        var turns = 1
        var error: DatabaseError?
        while error == nil, turns < 1 << 30 {
            do {
                try await goOn(after: update, endedAfter: turns)
                try await Person.objects.delete()
            } catch let thrown as DatabaseError {
                error = thrown
            }
            turns *= 2
        }
        #expect(error != nil)
        #expect(try await Person.objects.count() == 0)
        try await transaction { try await Person.objects.create(Person(name: "Dan")) }
        #expect(try await Person.objects.values { $0.name } == ["Dan"])
    }

    private func goOn(after update: Statement, endedAfter turns: Int) async throws {
        try await transaction {
            try await Person.objects.create(Person(name: "Ann"))
            let time = ManualTime()
            await #expect(throws: TimeLimitError.self) {
                try await withTimeLimit(.seconds(3), time: time.source) {
                    async let running = Database.current.execute(update)
                    for _ in 0..<turns { await Task.yield() }
                    time.advance(by: .seconds(3))
                    _ = try await running
                }
            }
            _ = try? await Person.objects.create(Person(name: "Bob"))
            try await Person.objects.create(Person(name: "Cid"))
        }
    }

    @Test func `statements that are ended at any moment leave the connections whole`() async throws {
        for round in 0..<40 {
            // A limit that ends somewhere in the statements, wherever that is on this machine.
            _ = try? await withTimeLimit(.microseconds(50 * round)) {
                try await transaction {
                    let ann = try await Person.objects.create(Person(name: "Ann"))
                    _ = try await Person.objects.filter { $0.name == ann.name }.count()
                    throw TimeLimitTestError()
                }
            }
        }
        #expect(try await Person.objects.count() == 0)
        try await transaction { try await Person.objects.create(Person(name: "Bob")) }
        #expect(try await Person.objects.values { $0.name } == ["Bob"])
    }
}

private struct TimeLimitTestError: Error {}
