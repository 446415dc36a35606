import FoundationEssentials
import MartletHTTP
import MartletJSON
import MartletORM
import MartletSessions
import Testing

/// When sessions end. Expectations of Django's `SessionTestsMixin`.
@Suite struct SessionExpiryTests {
    struct ExpiryCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let expiry: SessionExpiry
        var endsWithBrowser = false
        let age: Int
        let closes: Bool
    }

    static let start = Date(timeIntervalSince1970: 1_767_225_600)

    static let expiries = [
        ExpiryCase(testDescription: "as the site says", expiry: .standard, age: 1_209_600, closes: false),
        ExpiryCase(
            testDescription: "with the browser, as the site says", expiry: .standard, endsWithBrowser: true,
            age: 1_209_600, closes: true),
        ExpiryCase(testDescription: "with the browser", expiry: .atBrowserClose, age: 1_209_600, closes: true),
        ExpiryCase(
            testDescription: "0 seconds are with the browser", expiry: .seconds(0), age: 1_209_600, closes: true),
        ExpiryCase(testDescription: "seconds", expiry: .seconds(10), age: 10, closes: false),
        ExpiryCase(
            testDescription: "seconds, though the site says with the browser", expiry: .seconds(10),
            endsWithBrowser: true, age: 10, closes: false),
        ExpiryCase(testDescription: "seconds that are past", expiry: .seconds(-10), age: -10, closes: false),
        ExpiryCase(
            testDescription: "a moment", expiry: .date(start.addingTimeInterval(10)), age: 10, closes: false),
        ExpiryCase(
            testDescription: "a moment with a fraction", expiry: .date(start.addingTimeInterval(10.25)), age: 10,
            closes: false),
        ExpiryCase(
            testDescription: "a moment that is past", expiry: .date(start.addingTimeInterval(-10)), age: -10,
            closes: false),
    ]

    @Test(arguments: expiries) func `a session ends as it was told`(_ example: ExpiryCase) async throws {
        var settings = SessionSettings()
        settings.lifetime = SessionLifetime(endsWithBrowser: example.endsWithBrowser, now: { Self.start })
        let store = try SignedCookieSessionStore(keys: StoreBench.keys, lifetime: settings.lifetime)
        try await Browser(Sessions(settings, store: store)).visit { session async throws in
            try await session.setExpiry(.seconds(77))
            try await session.setExpiry(.standard)
            try await session.setExpiry(example.expiry)
            #expect(try await session.expiryAge == example.age)
            #expect(try await session.expiresAtBrowserClose == example.closes)
            let end = try await session.expireDate.timeIntervalSince(Self.start)
            #expect(Int(end.rounded(.down)) == example.age)
        }
    }

    // Django keeps any number; a date of it would overflow.
    @Test(arguments: StoreKind.allCases, [Int.max, Int.max / 2, 31_557_600_001])
    func `a session that is to live for ever lives for a thousand years`(_ kind: StoreKind, _ seconds: Int) async throws
    {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            let response = try await browser.visit { session async throws in
                try session.set("a", "b")
                try await session.setExpiry(.seconds(seconds))
                #expect(try await session.expiryAge == 31_557_600_000)
            }
            #expect(response.headers[.setCookie]?.contains("; Max-Age=31557600000;") == true)
            #expect(response.headers[.setCookie]?.contains(" 3026 ") == true)
            #expect(try await browser.values()["a"] == "b")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a session that has ended an age ago is no crash`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            let response = try await browser.visit { session async throws in
                try session.set("a", "b")
                try await session.setExpiry(.seconds(.min))
            }
            #expect(response.headers[.setCookie] != nil)
            #expect(try await browser.values() == [:])
        }
    }

    @Test func `the expiry is kept as Django keeps it`() async throws {
        try await StoreBench.with(.database) { bench async throws in
            try await bench.browser().visit { session async throws in
                try await session.setExpiry(.date(Self.start))
                #expect(try await session["_session_expiry"] == "2026-01-01T00:00:00+00:00")
                try await session.setExpiry(.date(Self.start.addingTimeInterval(0.5)))
                #expect(try await session["_session_expiry"] == "2026-01-01T00:00:00.500000+00:00")
                try await session.setExpiry(.seconds(300))
                #expect(try await session["_session_expiry"] == 300)
                try await session.setExpiry(.atBrowserClose)
                #expect(try await session["_session_expiry"] == 0)
                try await session.setExpiry(.standard)
                #expect(try await !session.contains("_session_expiry"))
                // A Django with USE_TZ = False, and an offset.
                try session.set("_session_expiry", "2026-01-01T00:00:00.500000")
                #expect(try await session.expireDate == Self.start.addingTimeInterval(0.5))
                try session.set("_session_expiry", "2026-01-01T02:00:00+02:00")
                #expect(try await session.expireDate == Self.start)
                for wrong: JSONValue in ["tomorrow", [], true, 1.5] {
                    try session.set("_session_expiry", wrong)
                    #expect(try await session.expiryAge == 1_209_600)
                }
            }
        }
    }

    // The clock stands still but for these steps. Django's signed cookies know no expiry of a session's own (#19201).
    @Test(arguments: StoreKind.allCases, [SessionExpiry.seconds(100), .standard, .date(.distantPast)])
    func `a session that has ended is empty, and never comes back`(
        _ kind: StoreKind, _ expiry: SessionExpiry
    ) async throws {
        var settings = SessionSettings()
        settings.lifetime.age = .seconds(100)
        try await StoreBench.with(kind, settings) { bench async throws in
            let browser = bench.browser()
            let end = bench.clock.now + 100
            try await browser.visit { session async throws in
                try session.set("a", "b")
                if case .date = expiry { return try await session.setExpiry(.date(end)) }
                try await session.setExpiry(expiry)
            }
            let cookie = browser.cookie
            bench.clock.advance(90)
            #expect(try await browser.values()["a"] == "b")
            bench.clock.advance(20)
            #expect(try await browser.values() == [:])
            #expect(browser.cookie == nil)
            #expect(try await bench.browser(cookie: cookie).values() == [:])
        }
    }

    @Test(arguments: StoreKind.allCases.filter(\.keepsSessions))
    func `a change makes a session live longer`(_ kind: StoreKind) async throws {
        var settings = SessionSettings()
        settings.lifetime.age = .seconds(100)
        try await StoreBench.with(kind, settings) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            bench.clock.advance(90)
            try await browser.visit { try $0.set("c", "d") }
            bench.clock.advance(90)
            #expect(try await browser.values() == ["a": "b", "c": "d"])
        }
    }

    @Test(arguments: StoreKind.allCases) func `ended sessions are cleared and others stay`(_ kind: StoreKind)
        async throws
    {
        try await StoreBench.with(kind) { bench async throws in
            let lasting = bench.browser()
            try await lasting.visit { session async throws in
                try session.set("a", "b")
                try await session.setExpiry(.seconds(3_600))
            }
            for _ in 0..<3 {
                try await bench.browser().visit { session async throws in
                    try session.set("a", "b")
                    try await session.setExpiry(.seconds(60))
                }
            }
            bench.clock.advance(120)
            #expect(try await bench.store.clearExpired() == (kind.keepsEndedSessions ? 3 : nil))
            #expect(try await bench.store.clearExpired() == (kind.keepsEndedSessions ? 0 : nil))
            #expect(try await lasting.values()["a"] == "b")
        }
    }
}
