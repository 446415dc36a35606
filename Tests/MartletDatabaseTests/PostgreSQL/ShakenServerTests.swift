import Foundation
import MartletORM
import MartletPostgreSQL
import Synchronization
import TestPrograms
import Testing

/// A server of this suite's own: reached by TLS, and started anew under load. One test at a time, since all of them would
/// feel that.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ShakenServerTests {
    private func open(_ configure: (inout PostgreSQLConfiguration) -> Void = { _ in }) throws -> TestDatabase {
        var configuration = try PrivateServer.shaken.get().configuration
        configure(&configuration)
        let backend = PostgreSQLBackend(configuration)
        return TestDatabase(backend: backend, database: Database(backend))
    }

    struct TLSCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let mode: PostgreSQLConfiguration.TLSMode
        var host = "localhost"
        var authority: String?
        /// Whether the connection is encrypted; `nil` when there is none.
        let isEncrypted: Bool?
    }

    static let modes = [
        TLSCase(testDescription: "disable", mode: .disable, isEncrypted: false),
        TLSCase(testDescription: "allow", mode: .allow, isEncrypted: false),
        TLSCase(testDescription: "prefer", mode: .prefer, isEncrypted: true),
        TLSCase(testDescription: "require", mode: .require, isEncrypted: true),
        TLSCase(testDescription: "verify-ca", mode: .verifyCA, authority: "ca", isEncrypted: true),
        TLSCase(
            testDescription: "verify-ca under another name", mode: .verifyCA, host: "127.0.0.1", authority: "ca",
            isEncrypted: true),
        TLSCase(testDescription: "verify-ca, another authority", mode: .verifyCA, authority: "other", isEncrypted: nil),
        TLSCase(testDescription: "verify-ca without authority", mode: .verifyCA, authority: "none", isEncrypted: nil),
        TLSCase(testDescription: "verify-full", mode: .verifyFull, authority: "ca", isEncrypted: true),
        TLSCase(
            testDescription: "verify-full under another name", mode: .verifyFull, host: "127.0.0.1", authority: "ca",
            isEncrypted: nil),
        TLSCase(
            testDescription: "verify-full, another authority", mode: .verifyFull, authority: "other", isEncrypted: nil),
    ]

    @Test(arguments: modes)
    func `each mode of TLS encrypts and verifies what it says`(_ example: TLSCase) async throws {
        let server = try PrivateServer.shaken.get()
        let test = try open {
            $0.host = example.host
            $0.tls = example.mode
            $0.rootCertificate = example.authority.map { "\(server.folder)/\($0).crt" }
        }
        let question = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        if let isEncrypted = example.isEncrypted {
            #expect(try await test.value(question) == .bool(isEncrypted))
            // More than one TLS record, and a statement after it.
            #expect(try await test.value("SELECT length(repeat('x', 1000000))") == .integer(1_000_000))
        } else {
            let error = await #expect(throws: DatabaseError.self) { try await test.value(question) }
            #expect(error?.kind == .connection)
            #expect(test.backend.gauges.open == 0)
        }
        await test.backend.close()
    }

    @Test func `channel binding is used where it is required, and cannot be had without TLS`() async throws {
        let maintenance = try open()
        try await maintenance.run(
            "DROP ROLE IF EXISTS careful", "SET password_encryption = 'scram-sha-256'",
            "CREATE ROLE careful LOGIN PASSWORD 'secret'")
        for (mode, password, works) in [
            (PostgreSQLConfiguration.TLSMode.require, "secret", true), (.require, "wrong", false),
            (.disable, "secret", false),
        ] {
            let test = try open {
                $0.host = "localhost"
                $0.user = "careful"
                $0.password = password
                $0.tls = mode
                $0.requiresChannelBinding = true
            }
            if works {
                #expect(try await test.value("SELECT current_user::text") == .text("careful"))
            } else {
                let error = await #expect(throws: DatabaseError.self) { try await test.value("SELECT 1") }
                #expect(error?.kind == .connection)
                #expect(error?.description.contains("secret") == false)
            }
            await test.backend.close()
        }
        await maintenance.backend.close()
    }

    /// When the tasks stop.
    private final class End: Sendable {
        private let flag = Atomic(false)
        var hasCome: Bool { flag.load(ordering: .relaxed) }
        func come() { flag.store(true, ordering: .relaxed) }
    }

    /// What became of a task's statements.
    private struct Tally: Sendable {
        var committed: Set<Int64> = []
        var unknown: Set<Int64> = []
        var wrong: [String] = []
    }

    private static func work(_ task: Int, _ test: TestDatabase, until end: End) async -> Tally {
        var tally = Tally()
        var round: Int64 = 0
        while !end.hasCome {
            let id = Int64(task) * 1_000_000 + round
            round += 1
            do {
                let sum = try await test.inTransaction {
                    try await test.database.execute(Statement("INSERT INTO kept VALUES ($1)", [.integer(id)]))
                    return try await test.value("SELECT $1::int8 + 1", .integer(id))
                }
                if sum != .integer(id + 1) { tally.wrong.append("\(id): \(String(describing: sum))") }
                tally.committed.insert(id)
            } catch let error as DatabaseError where error.kind == .connection || error.kind == .statement {
                // The commit may have come through before the connection was lost.
                tally.unknown.insert(id)
            } catch {
                tally.wrong.append("\(id): \(error)")
            }
        }
        return tally
    }

    @Test func `a server that is started anew under load costs only what it was doing`() async throws {
        let test = try open { $0.limit = 8 }
        try await test.run("DROP TABLE IF EXISTS kept", "CREATE TABLE kept (id bigint PRIMARY KEY)")
        let end = End()
        let tallies = try await withThrowingTaskGroup(of: Tally.self) { group in
            for task in 0..<64 {
                group.addTask { await Self.work(task, test, until: end) }
            }
            for _ in 0..<2 {
                // In the middle of the work: when rows have been written since the last start.
                let before = try await Self.rows(test)
                while try await Self.rows(test) <= before { await Task.yield() }
                try PrivateServer.shaken.get().restart()
            }
            let before = try await Self.rows(test)
            while try await Self.rows(test) <= before { await Task.yield() }
            end.come()
            return try await group.reduce(into: [Tally]()) { $0.append($1) }
        }
        #expect(tallies.flatMap(\.wrong) == [])
        let stored = Set(
            try await test.database.rows(Statement("SELECT id FROM kept")) { try $0.integer(at: 0) })
        let committed = tallies.reduce(into: Set<Int64>()) { $0.formUnion($1.committed) }
        let unknown = tallies.reduce(into: Set<Int64>()) { $0.formUnion($1.unknown) }
        #expect(committed.subtracting(stored).isEmpty)
        #expect(stored.subtracting(committed).isSubset(of: unknown))
        #expect(!unknown.isEmpty)
        // No connection has leaked, here or there.
        #expect(test.backend.gauges.open <= 8 && test.backend.gauges.waiting == 0)
        let others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        guard case .integer(let connections)? = try await test.value(others) else {
            Issue.record("the server does not count its connections")
            return
        }
        #expect(connections <= 8)
        await test.backend.close()
    }

    /// How many rows there are; asked again while the server is away.
    private static func rows(_ test: TestDatabase) async throws -> Int64 {
        while true {
            if case .integer(let count)? = try? await test.value("SELECT count(*) FROM kept") { return count }
            await Task.yield()
        }
    }

    @Test func `a loop over notifications outlives a restart and tells of it`() async throws {
        let test = try open()
        var messages = try test.database.notifications(on: "news").makeAsyncIterator()
        try await messages.start()
        try await test.database.notify("news", "first")
        #expect(try await messages.next()?.payload == "first")
        try PrivateServer.shaken.get().restart()
        let gap = try await messages.next()
        #expect(gap?.isGap == true)
        // The pool's connection was lost as well, and that is seen before it is lent.
        try await test.database.notify("news", "second")
        let second = try await messages.next()
        #expect(second?.payload == "second" && second?.isGap == false)
        await test.backend.close()
    }

    @Test func `the first statement after a restart works`() async throws {
        let test = try open { $0.limit = 3 }
        let pids = try await withThrowingTaskGroup(of: SQLValue?.self) { group in
            for _ in 0..<3 { group.addTask { try await test.value("SELECT pg_backend_pid() FROM pg_sleep(0.1)") } }
            return try await group.reduce(into: Set<SQLValue?>()) { $0.insert($1) }
        }
        #expect(pids.count == 3)
        try PrivateServer.shaken.get().restart()
        for _ in 0..<6 { #expect(try await test.value("SELECT 1") == .integer(1)) }
        await test.backend.close()
    }
}
