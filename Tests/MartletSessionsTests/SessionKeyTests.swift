import MartletHTTP
import MartletJSON
import MartletSessions
import Testing

/// Who gets which key, and when it goes.
@Suite struct SessionKeyTests {
    static let kept = StoreKind.allCases.filter(\.keepsSessions)

    @Test(arguments: kept) func `a key is 32 small letters and digits, and stays`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", 1) }
            let key = try #require(browser.cookie)
            #expect(key.utf8.count == 32)
            #expect(key.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789".contains($0) })
            try await browser.visit { session async throws in
                #expect(try await session.key == key)
                try session.set("a", 2)
            }
            #expect(browser.cookie == key)
        }
    }

    // Django: test_invalid_key, test_session_load_does_not_create_record, test_invalid_key_forwardslash.
    static let unknown = [
        "someunknownkey", "abc", "1", String(repeating: "a", count: 32), String(repeating: "a", count: 5_000),
        "a/b/c/d/e", "../../../etc/passwd", "a\\\\b\\\\c\\\\d", "a%00bcdefgh", "ABCDEFGHIJKLMNOP", "ключключключ",
        "' OR 1=1 --", "eyJhIjoxfQ:1vb66i:AAAA", ".eJwDAAAAAAE:1vb66i:AAAA",
    ]

    @Test(arguments: StoreKind.allCases, unknown)
    func `a key that no session has is never taken over`(_ kind: StoreKind, _ key: String) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser(cookie: key)
            try await browser.visit { session async throws in
                #expect(try await session["a"] == nil)
                #expect(try await session.key == nil)
                #expect(try await session.isEmpty)
            }
            #expect(browser.cookie == nil, "the cookie is deleted")
            let other = bench.browser(cookie: key)
            try await other.visit { try $0.set("a", 1) }
            #expect(other.cookie != key)
            #expect(try await other.values() == ["a": "1"])
            #expect(try await bench.browser(cookie: key).values() == [:])
        }
    }

    @Test(arguments: kept) func `a new key keeps the values, and the old one leads nowhere`(
        _ kind: StoreKind
    ) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.update(["a": "c", "b": "d"]) }
            let thief = browser.copy()
            try await browser.visit { session async throws in
                try session.cycleKey()
                try session.set("user", "ann")
                #expect(try await session["a"] == "c")
            }
            #expect(browser.cookie != thief.cookie)
            #expect(try await browser.values() == ["a": "c", "b": "d", "user": "ann"])
            #expect(try await thief.values() == [:])
        }
    }

    // Where Django loses the session: it stores an empty one under the new key at once, and never fills it.
    @Test(arguments: kept) func `a view that fails after it has changed the key leaves the session as it was`(
        _ kind: StoreKind
    ) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            let key = browser.cookie
            try await browser.visit(status: .internalServerError) { session async throws in
                try session.cycleKey()
                try session.set("user", "ann")
            }
            #expect(browser.cookie == key)
            #expect(try await browser.values() == ["a": "b"])
        }
    }

    @Test(arguments: StoreKind.allCases) func `a flushed session is gone, and so is the cookie`(
        _ kind: StoreKind
    ) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            let other = browser.copy()
            let response = try await browser.visit { session async throws in
                try await session.flush()
                #expect(session.isModified)
                #expect(try await session.key == nil)
                #expect(try await session.values == [:])
            }
            #expect(response.headers[.vary] == "Cookie")
            #expect(browser.cookie == nil)
            #expect(try await other.values() == (kind.keepsSessions ? [:] : ["a": "b"]))
        }
    }

    @Test(arguments: kept) func `what is set after a flush is a new session`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            let key = browser.cookie
            try await browser.visit { session async throws in
                try session.set("dropped", 1)
                try await session.flush()
                try session.set("message", "Goodbye")
            }
            #expect(browser.cookie != key)
            #expect(try await browser.values() == ["message": "Goodbye"])
        }
    }

    @Test(arguments: kept) func `a session that is saved in the view has its key there`(_ kind: StoreKind) async throws
    {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            // Even where the view fails: the client must learn of what is stored.
            try await browser.visit(status: .internalServerError) { session async throws in
                try session.set("a", "b")
                #expect(try await session.key == nil)
                try await session.save()
                #expect(try await session.key != nil)
                try session.set("lost", "c")
            }
            #expect(try await browser.values() == ["a": "b"])
        }
    }
}
