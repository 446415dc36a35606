import MartletJSON
import MartletORM
import MartletSessions
import MartletSigning
import Testing

/// Sessions in both databases; what they hold is tested with the other stores.
@Suite(.library) struct SessionStoreTests {
    private let store: DatabaseSessionStore

    init() throws {
        store = try DatabaseSessionStore(keys: SigningKeys("swift-framework-test-key"))
    }

    private func makeTable() async throws {
        try await Database.current.execute(
            Statement(
                """
                CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY,
                "session_data" text NOT NULL, "expire_date" timestamp with time zone NOT NULL)
                """))
    }

    @Test func `requests at once keep each other's keys`() async throws {
        try await makeTable()
        let key = "abcdefghijklmnopqrstuvwxyz012345"
        #expect(try await store.create(key, StoredSession(values: ["start": 0])) != nil)
        #expect(try await store.create(key, StoredSession(values: ["other": 0])) == nil, "the key is taken")
        let loaded = try #require(try await store.load(key))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    var changes = SessionChanges()
                    changes.set("k\(number)", .int(number))
                    _ = try await store.update(key, loaded, with: changes)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.load(key)?.values.count == 21)
        try await store.delete(key)
        #expect(try await store.update(key, loaded, with: SessionChanges()) == nil, "it is not made anew")
        #expect(try await store.load(key) == nil)
    }

    @Test func `sessions that have ended are not found, and cleared`() async throws {
        try await makeTable()
        _ = try await store.create("endedendedended", StoredSession(values: ["_session_expiry": -10]))
        _ = try await store.create("lastinglasting", StoredSession(values: ["a": 1]))
        #expect(try await store.load("endedendedended") == nil)
        #expect(try await store.clearExpired() == 1)
        #expect(try await store.load("lastinglasting")?.values == ["a": 1])
    }

    @Test func `a missing table is told with its remedy`() async throws {
        await #expect(throws: SessionError.noTable) { try await store.load("abcdefgh") }
    }
}
