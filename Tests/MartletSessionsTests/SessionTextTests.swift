import Foundation
import MartletJSON
import MartletLogging
import MartletORM
import MartletSessions
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
