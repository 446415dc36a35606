import MartletORM
import Testing

@Suite(.club) struct AfterCommitTests {
    private struct Stop: Error {}

    @Test func `an error outside a transaction is told to who hears of the database's errors`() async throws {
        let (errors, told) = AsyncStream<any Error>.makeStream()
        let database = Database(try Database.current.backend, onError: { told.yield($0) })
        try await database.use {
            try await Member.objects.create(Member(name: "Ann"))
            afterCommit { throw Stop() }
        }
        var iterator = errors.makeAsyncIterator()
        let error = await iterator.next() as? AfterCommitError
        #expect(error?.cause is Stop)
        #expect(error?.description.contains("nobody waited for it: Stop()") == true)
        #expect(try await Member.objects.count() == 1)
    }

    @Test func `an error after a commit is thrown by the transaction`() async throws {
        await #expect(throws: Stop.self) {
            try await transaction {
                try await Member.objects.create(Member(name: "Ann"))
                afterCommit { throw Stop() }
            }
        }
        #expect(try await Member.objects.count() == 1)
    }
}
