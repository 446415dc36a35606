import MartletHTTP
import MartletJSON
import MartletSessions
import Synchronization
import Testing

/// What others do while a session gets a new key.
@Suite struct SessionMovingTests {
    /// A store in which something happens when a session is made, for the first time: after the old one was read, and
    /// before it is removed.
    private final class Interrupted: SessionStore {
        private let store: any SessionStore
        private let isOver = Mutex(false)
        private let event: @Sendable () async throws -> Void
        private let made = Mutex<[String]>([])

        init(_ store: any SessionStore, _ event: @escaping @Sendable () async throws -> Void) {
            self.store = store
            self.event = event
        }

        /// The keys of the sessions that were made.
        var keys: [String] { made.withLock { $0 } }

        func load(_ key: String) async throws -> StoredSession? { try await store.load(key) }
        func create(_ key: String, _ session: StoredSession) async throws -> (key: String, StoredSession)? {
            let isFirst = isOver.withLock { isOver in
                defer { isOver = true }
                return !isOver
            }
            if isFirst { try await event() }
            made.withLock { $0.append(key) }
            return try await store.create(key, session)
        }
        func update(
            _ key: String, _ session: StoredSession, with changes: SessionChanges
        ) async throws -> (key: String, StoredSession)? { try await store.update(key, session, with: changes) }
        func delete(_ key: String) async throws { try await store.delete(key) }
        func delete(_ key: String, ifStill session: StoredSession) async throws -> Bool {
            try await store.delete(key, ifStill: session)
        }
    }

    @Test(arguments: SessionConcurrencyTests.kept)
    func `a change of another comes along to the new key`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let first = bench.browser()
            try await first.visit { try $0.update(["a": "1", "number": 0.5]) }
            let store = Interrupted(bench.store) { try await first.copy().visit { try $0.set("b", "2") } }
            let browser = Browser(Sessions(bench.settings, store: store), cookie: first.cookie)
            try await browser.visit { session async throws in
                try session.cycleKey()
                try session.set("user", "ann")
            }
            #expect(browser.cookie != first.cookie)
            #expect(try await browser.values() == ["a": "1", "number": "0.5", "b": "2", "user": "ann"])
            #expect(try await first.values() == [:], "the old key leads nowhere")
            #expect(store.keys.count == 2)
            #expect(try await bench.store.load(#require(store.keys.first)) == nil, "the attempt leaves nothing behind")
        }
    }

    @Test(arguments: SessionConcurrencyTests.kept)
    func `a logout of another is not undone by a new key`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let first = bench.browser()
            try await first.visit { try $0.set("user", "ann") }
            let store = Interrupted(bench.store) { try await first.copy().visit { try await $0.flush() } }
            let browser = Browser(Sessions(bench.settings, store: store), cookie: first.cookie)
            await #expect(throws: SessionInterrupted.self) { try await browser.visit { try $0.cycleKey() } }
            for key in store.keys + [first.cookie ?? ""] { #expect(try await bench.store.load(key) == nil) }
            #expect(store.keys.count == 1)
        }
    }
}
