import FoundationEssentials
import MartletORM
import MartletTiming
import Synchronization
import Testing

/// What a transaction can be asked for.
@Suite(.library) struct TransactionOptionTests {
    private struct Stop: Error {}

    private final class Notes: Sendable {
        private let items = Mutex<[String]>([])
        var all: [String] { items.withLock { $0 } }
        func add(_ item: String) { items.withLock { $0.append(item) } }
    }

    private var names: [String] {
        get async throws { try await Person.objects.order { $0.id.ascending }.all().map(\.name) }
    }

    private func add(_ name: String) async throws {
        try await Person.objects.create(Person(name: name))
    }

    private var isPostgreSQL: Bool {
        get throws { try Database.current.dialect.name == "postgresql" }
    }

    /// The same database with another clock, and somebody who listens.
    private func database(_ time: TimeSource = .system, idle: Duration? = nil, telling notes: Notes) throws -> Database
    {
        let current = try Database.current
        return Database(current.backend, models: current.models, idleTransactions: idle, time: time) { notice in
            switch notice {
            case .idleTransaction(let idle, let place, let next):
                let file = place.split(separator: ":").first ?? ""
                notes.add("\(idle) in \(file) before \(next.prefix(6))")
            case .hookFailed(let error, _): notes.add("\(error)")
            }
        }
    }

    @Test func `a transaction begins as it was asked to`() async throws {
        let log = StatementLog()
        try await log.observing {
            for level in [IsolationLevel.readUncommitted, .readCommitted, .repeatableRead, .serializable] {
                try await transaction(isolation: level) { _ = try await Person.objects.count() }
            }
            try await transaction(isolation: .serializable, readOnly: true, deferrable: true) {}
        }
        let begins = log.statements.map(\.sql).filter { $0.hasPrefix("BEGIN") }
        let expected =
            try isPostgreSQL
            ? [
                "BEGIN ISOLATION LEVEL READ UNCOMMITTED", "BEGIN ISOLATION LEVEL READ COMMITTED",
                "BEGIN ISOLATION LEVEL REPEATABLE READ", "BEGIN ISOLATION LEVEL SERIALIZABLE",
                "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE",
            ] : ["BEGIN IMMEDIATE", "BEGIN IMMEDIATE", "BEGIN IMMEDIATE", "BEGIN IMMEDIATE", "BEGIN DEFERRED"]
        #expect(begins == expected)
    }

    @Test func `a read-only transaction sees one state, refuses to write and holds up nobody`() async throws {
        try await add("before")
        try await transaction(isolation: .repeatableRead, readOnly: true) {
            #expect(try await names == ["before"])
            // A task that is in no transaction writes while this one is open.
            let database = try Database.current
            try await Task.detached { try await database.use { try await add("during") } }.value
            #expect(try await names == ["before"])
            let error = await #expect(throws: DatabaseError.self) { try await transaction { try await add("inside") } }
            #expect(error?.kind == .readOnly)
        }
        #expect(try await names == ["before", "during"])
    }

    @Test func `what has no effect or comes too late is refused`() async throws {
        let deferrable = await #expect(throws: ORMError.self) { try await transaction(deferrable: true) {} }
        #expect(deferrable?.description.hasPrefix("`deferrable: true` has an effect only with") == true)
        try await transaction {
            let level = await #expect(throws: ORMError.self) { try await transaction(isolation: .serializable) {} }
            #expect(level?.description.contains("TransactionOptionTests.swift:") == true)
            await #expect(throws: ORMError.self) { try await transaction(readOnly: true) {} }
            await #expect(throws: ORMError.self) { try await transaction(retrying: 1) {} }
            let durable = await #expect(throws: ORMError.self) { try await transaction(durable: true) {} }
            #expect(durable?.description.hasPrefix("A durable transaction must be the outermost one") == true)
            try await add("still works")
        }
        try await transaction(durable: true) { try await add("durable") }
        #expect(try await names == ["still works", "durable"])
    }

    @Test func `inside the transaction of a test everything can be asked for`() async throws {
        let test = {
            try await testTransaction {
                try await transaction(retrying: 2, isolation: .serializable, durable: true) { try await add("seen") }
                #expect(try await names == ["seen"])
                try await transaction {
                    await #expect(throws: ORMError.self) { try await transaction(durable: true) {} }
                }
                throw Stop()
            }
        }
        await #expect(throws: Stop.self) { try await test() }
        #expect(try await names == [])
    }

    @Test func `a block that is marked is rolled back without an error, with its hooks`() async throws {
        let notes = Notes()
        let result = try await transaction {
            try await add("outer")
            afterCommit { notes.add("outer") }
            try await transaction {
                try await add("inner")
                afterCommit { notes.add("inner") }
                try setRollback()
                #expect(isMarkedForRollback())
            }
            #expect(!isMarkedForRollback())
            return 7
        }
        #expect(result == 7)
        #expect(try await names == ["outer"])
        #expect(notes.all == ["outer"])
        try await transaction {
            try await add("gone")
            afterCommit { notes.add("gone") }
            try setRollback()
        }
        try await transaction {
            try setRollback()
            try setRollback(false)
            try await add("kept")
        }
        #expect(try await names == ["outer", "kept"])
        #expect(notes.all == ["outer"])
        let error = #expect(throws: ORMError.self) { try setRollback() }
        #expect(error?.description.hasPrefix("There is no transaction to be rolled back") == true)
    }

    @Test func `a part without a savepoint that fails takes everything along`() async throws {
        let log = StatementLog()
        let failing = {
            try await transaction {
                try await add("outer")
                try? await transaction(savepoint: false) {
                    try await add("part")
                    throw Stop()
                }
                // Refused at once, so that nobody builds on what will not be kept.
                await #expect(throws: ORMError.self) { try await add("later") }
            }
        }
        let error = await #expect(throws: ORMError.self) { try await log.observing { try await failing() } }
        #expect(error?.description.hasPrefix("A part of the transaction has failed") == true)
        #expect(try await names == [])
        #expect(!log.statements.contains { $0.sql.hasPrefix("SAVEPOINT") })
        let middle = {
            try await transaction {
                try await add("middle")
                try? await transaction(savepoint: false) { throw Stop() }
            }
        }
        try await transaction {
            try await add("outer")
            await #expect(throws: ORMError.self) { try await middle() }
            try await transaction(savepoint: false) { try await add("part") }
        }
        #expect(try await names == ["outer", "part"])
    }

    @Test func `an error that the database has had and nobody has heard is not taken for a commit`() async throws {
        let swallow = {
            try await transaction {
                try await add("first")
                _ = try? await Database.current.execute(Statement("INSERT INTO nowhere VALUES (1)"))
            }
        }
        if try isPostgreSQL {
            // PostgreSQL answers such a commit with a rollback, and calls it no error.
            await #expect(throws: ORMError.self) { try await swallow() }
            #expect(try await names == [])
        } else {
            try await swallow()
            #expect(try await names == ["first"])
        }
        try await add("next")
        #expect(try await names.last == "next")
    }

    @Test(arguments: [DatabaseError.Kind.serializationFailure, .deadlock])
    func `what the database ends for the sake of others is tried again, but not for ever`(
        _ kind: DatabaseError.Kind
    ) async throws {
        let (time, notes) = (ManualTime(), Notes())
        let database = try database(time.source, telling: notes)
        @Sendable func attempts(_ failures: Int, retrying: Int) async throws -> Int {
            let count = Mutex(0)
            let task = Task {
                try await database.use {
                    try await transaction(retrying: retrying, isolation: .serializable) {
                        let number = count.withLock { count in
                            count += 1
                            return count
                        }
                        try await add("\(number)")
                        afterCommit { notes.add("\(number)") }
                        if number <= failures { throw DatabaseError(kind, "made up") }
                    }
                }
            }
            let isDone = Atomic(false)
            async let _ = {
                _ = await task.result; isDone.store(true, ordering: .releasing)
            }()
            while !isDone.load(ordering: .acquiring) {
                // No pause is longer than this.
                time.advance(by: .seconds(1))
                await Task.yield()
            }
            try await task.value
            return count.withLock { $0 }
        }
        #expect(try await attempts(2, retrying: 3) == 3)
        #expect(notes.all == ["3"])
        #expect(try await names == ["3"])
        let error = await #expect(throws: DatabaseError.self) { _ = try await attempts(9, retrying: 2) }
        #expect(error?.kind == kind)
        #expect(try await names == ["3"])
    }

    @Test func `other errors are not tried again, and a cancelled task does not wait`() async throws {
        let (time, notes) = (ManualTime(), Notes())
        let database = try database(time.source, telling: notes)
        await #expect(throws: Stop.self) {
            try await database.use {
                try await transaction(retrying: 5) {
                    notes.add("try")
                    throw Stop()
                }
            }
        }
        let started = AsyncStream.makeStream(of: Void.self)
        // The time stands still: without the cancellation this would wait for ever.
        let task = Task {
            try await database.use {
                try await transaction(retrying: 5) {
                    notes.add("again")
                    started.continuation.finish()
                    throw DatabaseError(.deadlock, "made up")
                }
            }
        }
        for await _ in started.stream {}
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(notes.all == ["try", "again"])
    }

    @Test func `a hook that is robust lets the others run, and its error is told`() async throws {
        let notes = Notes()
        try await database(telling: notes).use {
            try await transaction {
                afterCommit(robust: true) { throw Stop() }
                afterCommit { notes.add("second") }
            }
        }
        #expect(notes.all == ["Stop()", "second"])
    }

    @Test func `a transaction that is open while something else is awaited is told, with its place`() async throws {
        let (time, notes) = (ManualTime(), Notes())
        try await database(time.source, idle: .milliseconds(100), telling: notes).use {
            try await transaction {
                time.advance(by: .milliseconds(100))
                _ = try await Person.objects.count()
                time.advance(by: .milliseconds(101))
                _ = try await Person.objects.count()
                time.advance(by: .seconds(2))
            }
            time.advance(by: .seconds(9))
            _ = try await Person.objects.count()
        }
        let file = "MartletDatabaseTests/TransactionOptionTests.swift"
        #expect(notes.all == ["0.101 seconds in \(file) before SELECT", "2.0 seconds in \(file) before COMMIT"])
    }

    @Test func `a cancelled transaction is rolled back though its operation has returned`() async throws {
        let database = try Database.current
        let gate = AsyncStream.makeStream(of: Void.self)
        let written = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await database.use {
                try await transaction {
                    try await add("cancelled")
                    written.continuation.finish()
                    await Task.detached { for await _ in gate.stream {} }.value
                }
            }
        }
        for await _ in written.stream {}
        task.cancel()
        gate.continuation.finish()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await names == [])
    }
}
