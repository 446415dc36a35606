import MartletORM
import Testing

@Suite(.club) struct AfterCommitTests {
    private struct Stop: Error {}

    @Test func `an error outside a transaction is told to who hears of the database's notices`() async throws {
        let (notices, told) = AsyncStream<DatabaseNotice>.makeStream()
        let database = Database(try Database.current.backend, notices: { told.yield($0) })
        try await database.use {
            try await Member.objects.create(Member(name: "Ann"))
            afterCommit { throw Stop() }
        }
        var iterator = notices.makeAsyncIterator()
        guard case .hookFailed(let error, _)? = await iterator.next() else {
            Issue.record("another notice came")
            return
        }
        #expect(error is Stop)
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
