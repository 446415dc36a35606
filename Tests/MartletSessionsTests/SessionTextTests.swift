import Foundation
import MartletHTTP
import MartletJSON
import MartletLogging
import MartletORM
import MartletSessions
import MartletSigning
import TestPrograms
import Testing

/// What stands in the stores.
@Suite struct SessionTextTests {
    // FORMATS: made with Django 5.2.19.
    @Test func `the stored text is Django's to the byte`() async throws {
        try await StoreBench.with(.database) { bench async throws in
            var row = Session()
            row.id = "abcdefghijklmnopqrstuvwxyz012345"
            row.sessionData = "eyJfYXV0aF91c2VyX2lkIjoiMSJ9:1vb66i:0-f2ykWomr6Kzd13Zoam4dtfbKisEnu2MfDEdf2JgDY"
            row.expireDate = bench.clock.now + 60
            try await Session.objects.create(row)
            #expect(try await bench.browser(cookie: row.id).values() == ["_auth_user_id": "1"])

            let lifetime = SessionLifetime(now: { SessionExpiryTests.start })
            let store = try DatabaseSessionStore(keys: StoreBench.keys, lifetime: lifetime)
            _ = try await store.create(
                "zyxwvutsrqponmlkjihgfedcba543210", StoredSession(values: ["_auth_user_id": "1"]))
            let made = try await Session.objects.get { $0.id == "zyxwvutsrqponmlkjihgfedcba543210" }
            #expect(made.sessionData == row.sessionData)
            #expect(made.expireDate == SessionExpiryTests.start + 1_209_600)
        }
    }

    // Django: test_decode_failure_logged_to_security, test_decode_serializer_exception.
    @Test(arguments: ["Zmxhc2tkajphbGtkamY=", "bad:encoded:value", "", "\u{0}", "W10:1vb66i:AAAA"])
    func `a text that nobody has signed is an empty session and an event`(_ text: String) async throws {
        try await StoreBench.with(.database) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            try await Session.objects.update { $0.sessionData = text }
            let sink = MemorySink()
            try await Logger.with(LogSettings(sink: sink)) {
                #expect(try await browser.values() == [:])
                // It is not kept from being used again.
                try await browser.visit { try $0.set("c", "d") }
                #expect(try await browser.values() == ["c": "d"])
            }
            #expect(sink.events.map(\.name) == ["session_data_corrupted", "session_data_corrupted"])
        }
    }

    // Python's json writes and reads all of these.
    static let unreadable = [
        #"{"user":"1","n":NaN}"#, #"{"user":"1","n":-Infinity}"#, #"{"user":"1","half":"\ud800"}"#, "[1]", "{",
        #"{"user":"1","deep":"# + String(repeating: "[", count: 513) + String(repeating: "]", count: 513) + "}",
    ]

    /// A text as Django signs it.
    private func signed(_ json: String, _ salt: String, _ now: Date) throws -> String {
        try TimestampSigner(salt: salt, keys: StoreBench.keys).dumps(json: Array(json.utf8), compress: true, at: now)
    }

    @Test(arguments: unreadable)
    func `a signed text that cannot be read is told, and not overwritten`(_ json: String) async throws {
        try await StoreBench.with(.database) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            let text = try signed(json, "django.contrib.sessions.SessionStore", bench.clock.now)
            try await Session.objects.update { $0.sessionData = text }
            let error = try await #require(throws: SessionError.self) {
                try await browser.visit { try $0.set("c", "d") }
            }
            #expect(error.status == .serviceUnavailable)
            #expect(try await Session.objects.all().first?.sessionData == text)
            try await browser.visit { try await $0.flush() }
            #expect(browser.cookie == nil)
            #expect(try await Session.objects.count() == 0)
        }
    }

    @Test func `a file that cannot be read stays, and others are cleared`() async throws {
        try await StoreBench.with(.file) { bench async throws in
            let browser = bench.browser()
            for _ in 0..<2 { try await bench.browser().visit { try $0.set("a", "b") } }
            try await browser.visit { try $0.set("a", "b") }
            let file = bench.folder.file("sessionid\(try #require(browser.cookie))")
            let text = try signed(Self.unreadable[0], "django.contrib.sessions.SessionStore", bench.clock.now)
            try text.write(toFile: file, atomically: false, encoding: .utf8)
            await #expect(throws: SessionError.self) { try await browser.visit { try $0.set("c", "d") } }
            bench.clock.advance(10_000_000)
            #expect(try await bench.store.clearExpired() == 2)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
        }
    }

    @Test func `a signed cookie that cannot be read is told, until it has ended`() async throws {
        try await StoreBench.with(.signedCookies) { bench async throws in
            let salt = "django.contrib.sessions.backends.signed_cookies"
            let text = try signed(Self.unreadable[0], salt, bench.clock.now)
            let browser = bench.browser(cookie: text)
            await #expect(throws: SessionError.self) { try await browser.visit { try $0.set("c", "d") } }
            #expect(browser.cookie == text)
            try await browser.visit { try await $0.flush() }
            #expect(browser.cookie == nil)
        }
    }

    @Test(arguments: ["sessionid", "a_name_of_another_length"])
    func `the name of a cookie takes its part of the room`(_ name: String) async throws {
        let store = try SignedCookieSessionStore(keys: StoreBench.keys, cookieName: name)
        // Text without a pattern, so that compression gains little; the same in every run.
        var seed: UInt64 = 1
        let letters = (0..<4_000).map { _ in
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Character(Unicode.Scalar(UInt8(33 + (seed >> 33) % 94)))
        }
        var largest = 0
        var refused: [Int] = []
        for count in 3_300..<4_000 {
            do {
                let session = StoredSession(values: ["a": .string(String(letters.prefix(count)))])
                largest = max(largest, try await store.create("", session)?.key.utf8.count ?? 0)
            } catch SessionError.tooLarge(let bytes, let limit) {
                #expect(limit == 4_096)
                refused.append(bytes)
            }
        }
        #expect(largest + name.utf8.count + 1 <= 4_096)
        #expect((refused.min() ?? 0) > 4_096)
        #expect(largest + name.utf8.count + 1 > 4_090)
    }

    @Test func `files are for their owner alone, and nothing else is left behind`() async throws {
        try await StoreBench.with(.file) { bench async throws in
            let browser = bench.browser()
            for number in 0..<5 { try await browser.visit { try $0.set("n", number) } }
            let key = try #require(browser.cookie)
            let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
            #expect(names == ["sessionid\(key)"])
            let attributes = try FileManager.default.attributesOfItem(atPath: bench.folder.file("sessionid\(key)"))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test func `a link in the folder is no session`() async throws {
        try await StoreBench.with(.file) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            let key = try #require(browser.cookie)
            let other = "linklinklinklinklinklinklinklink"
            try FileManager.default.createSymbolicLink(
                atPath: bench.folder.file("sessionid\(other)"),
                withDestinationPath: bench.folder.file("sessionid\(key)"))
            #expect(try await bench.browser(cookie: other).values() == [:])
        }
    }
}
