import MartletORM
import Testing

@testable import MartletPostgreSQL

extension PostgreSQLTests {
    @Suite struct CancellerTests {
        @Test func `a request that comes before its statement is repeated until that has ended`() async throws {
            let test = try TestDatabase.open()
            let leased = try await test.database.backend.lease(.write)
            defer { test.database.backend.release(leased, .write) }
            let connection = try #require(leased as? PostgreSQLConnection)
            let canceller = Canceller(connection.pointer)
            canceller.begin()
            canceller.cancel()
            // The server has nothing to end now, and forgets the request.
            while canceller.isOnItsWay { await Task.yield() }
            #expect(canceller.hasAsked)
            let error = await #expect(throws: DatabaseError.self) {
                try await connection.execute(Statement("SELECT pg_sleep(1000000)"))
            }
            #expect(error?.kind == .cancelled)
            await canceller.end()
            #expect(!canceller.hasAsked)
        }

        @Test func `nothing is asked for any more when the statement has ended`() async throws {
            let test = try TestDatabase.open()
            let leased = try await test.database.backend.lease(.write)
            defer { test.database.backend.release(leased, .write) }
            let canceller = Canceller(try #require(leased as? PostgreSQLConnection).pointer)
            for _ in 0..<20 {
                canceller.begin()
                canceller.cancel()
                await canceller.end()
                let pause = Statement("SELECT 1 FROM pg_sleep(0.005)")
                #expect(try await leased.rows(pause) { try $0.integer(at: 0) } == [1])
            }
        }
    }
}
