import MartletHTTP
import MartletJSON
import MartletSessions
import Testing

/// Requests of one session at the same time. Each test interleaves them by hand: one runs within the other.
@Suite struct SessionConcurrencyTests {
    static let kept = StoreKind.allCases.filter(\.keepsSessions)

    @Test(arguments: kept) func `two requests at once do not undo each other`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.update(["both": "old", "gone": "x", "left": "y"]) }
            let other = browser.copy()
            try await browser.visit { session async throws in
                #expect(try await session["both"] == "old")
                try session.set("mine", "1")
                try session.set("both", "of the later one")
                try await session.remove("gone")
                try await other.visit { session async throws in
                    #expect(try await session["gone"] == "x")
                    try session.set("theirs", "2")
                    try session.set("both", "of the earlier one")
                    try session.set("left", "z")
                }
            }
            let expected = ["both": "of the later one", "left": "z", "mine": "1", "theirs": "2"]
            #expect(try await browser.values() == expected)
        }
    }

    @Test(arguments: kept) func `a request that only set a value does not undo others`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "1") }
            let other = browser.copy()
            try await browser.visit { session async throws in
                try session.set("b", "2")
                try await other.visit { try $0.set("c", "3") }
            }
            #expect(try await browser.values() == ["a": "1", "b": "2", "c": "3"])
        }
    }

    @Test(arguments: kept) func `a hundred requests at once keep all their keys`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("start", "0") }
            let store = bench.store
            let key = try #require(browser.cookie)
            #expect(try await store.load(key) != nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    let other = browser.copy()
                    group.addTask {
                        try await other.visit { session async throws in
                            _ = try await session["start"]
                            try session.set("k\(number)", "\(number)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await browser.values().count == 101)
        }
    }

    @Test func `of two requests at once the last answer's cookie counts, where the cookie is the session`() async throws
    {
        try await StoreBench.with(.signedCookies) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "1") }
            let other = browser.copy()
            try await browser.visit { session async throws in
                try session.set("b", "2")
                try await other.visit { try $0.set("c", "3") }
            }
            #expect(try await browser.values() == ["a": "1", "b": "2"])
            #expect(try await other.values() == ["a": "1", "c": "3"])
        }
    }

    // Django: test_session_save_does_not_resurrect_session_logged_out_in_other_context, SessionInterrupted.
    @Test(arguments: kept) func `a session that was removed meanwhile is not made anew`(_ kind: StoreKind) async throws
    {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("user", "ann") }
            let key = try #require(browser.cookie)
            for cycles in [false, true] {
                let other = browser.copy()
                if cycles { try await bench.revive(key) }
                let error = try await #require(throws: SessionInterrupted.self) {
                    try await browser.visit { session async throws in
                        #expect(try await session["user"] == "ann")
                        if cycles { try session.cycleKey() }
                        try session.set("page", 2)
                        try await other.visit { try await $0.flush() }
                    }
                }
                #expect(error.status == .badRequest)
                #expect(try await bench.store.load(key) == nil)
            }
        }
    }

    @Test(arguments: kept) func `a request that only reads is not disturbed by a logout`(_ kind: StoreKind) async throws
    {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("user", "ann") }
            let other = browser.copy()
            try await browser.visit { session async throws in
                #expect(try await session["user"] == "ann")
                try await other.visit { try await $0.flush() }
                #expect(try await session["user"] == "ann")
            }
        }
    }
}

extension StoreBench {
    /// Stores a session under a key of old.
    fileprivate func revive(_ key: String) async throws {
        _ = try await store.create(key, StoredSession(values: ["user": "ann"]))
    }
}
