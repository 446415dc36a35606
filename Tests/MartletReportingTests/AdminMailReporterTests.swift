import Foundation
import MartletHTTP
import MartletLogging
import MartletMail
import MartletReporting
import TestPrograms
import Testing

@Suite struct AdminMailReporterTests {
    struct Broken: Error { let text: String }

    private func reporter(
        _ port: Int, clock: @escaping @Sendable () -> Date = { Date(timeIntervalSince1970: 0) }
    ) throws -> AdminMailReporter {
        AdminMailReporter(
            to: try ["Ann <ann@example.org>", "bob@example.org"].map { try #require(MailAddress($0)) },
            from: try #require(MailAddress("site@example.org")), subjectPrefix: "[Blog] ",
            mailer: SMTPMailer(host: "127.0.0.1", port: port), clock: clock)
    }

    private func request(_ path: String) throws -> Request {
        Request(
            method: .get, target: path, path: path, queryString: "page=2&token=hush",
            headers: try Headers(["Host": "example.org", "Authorization": "hush", "Cookie": "sessionid=hush"]),
            body: RequestBody(), peerAddress: "192.0.2.7", isEncrypted: false)
    }

    @Test func `administrators get the error and its request, secrets hidden`() async throws {
        let server = try await MailServer()
        let context = ErrorContext(request: try request("/posts/"), extra: ["feed": "weather"])
        try await reporter(server.port).capture(Broken(text: "Grüße"), context)
        let letter = try #require(try server.letters().first)
        #expect(letter.to == ["ann@example.org", "bob@example.org"])
        let parsed = try await Self.parse(letter.content)
        #expect(parsed.subject == "[Blog] ERROR: Broken: GET /posts/")
        for text in ["AdminMailReporterTests.Broken", "Grüße", "http://example.org/posts/", "192.0.2.7", "weather"] {
            #expect(parsed.text.contains(text), "\(text) is missing")
        }
        #expect(parsed.text.contains("[hidden]") && !parsed.text.contains("hush"))
    }

    // Django's tests/logging_tests/tests.py, test_subject_accepts_newlines.
    @Test func `a path with line breaks makes no header of its own`() async throws {
        let server = try await MailServer()
        let context = ErrorContext(request: try request("/a\r\nBcc: eve@example.org\r\n\r\nbody"))
        try await reporter(server.port).capture(Broken(text: "\r\n.\r\nMAIL FROM:<eve@example.org>"), context)
        let letter = try #require(try server.letters().first)
        #expect(try server.letters().count == 1)
        #expect(letter.to == ["ann@example.org", "bob@example.org"])
        let parsed = try await Self.parse(letter.content)
        #expect(parsed.subject == "[Blog] ERROR: Broken: GET /a  Bcc: eve@example.org    body")
        #expect(!parsed.headers.contains("bcc"))
    }

    @Test func `an error that repeats is mailed once, and later with how often it has happened`() async throws {
        let server = try await MailServer()
        let clock = TestClock()
        let reporter = try reporter(server.port, clock: { clock.now })
        for _ in 0..<4 { await reporter.capture(Broken(text: "x"), ErrorContext()) }
        await reporter.capture(CancellationError(), ErrorContext())
        #expect(try server.letters().count == 2)
        clock.advance(by: 600)
        await reporter.capture(Broken(text: "x"), ErrorContext())
        let letters = try server.letters()
        #expect(letters.count == 3)
        #expect(letters.last?.content.contains("it has happened 3 times more") == true)
    }

    @Test func `a mail that cannot be sent is logged, and nothing else happens`() async throws {
        let server = try await MailServer()
        server.stop()
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) {
            try await reporter(server.port).capture(Broken(text: "x"), ErrorContext())
        }
        #expect(sink.events.map(\.name) == ["error_mail_failed"])
    }

    private struct Parsed: Decodable {
        let subject: String
        let text: String
        let headers: [String]
    }

    private static func parse(_ content: String) async throws -> Parsed {
        let script = """
            import base64, email, email.policy, json, sys
            mail = email.message_from_bytes(base64.b64decode(sys.argv[1]), policy=email.policy.default)
            print(json.dumps({"subject": mail["subject"], "text": mail.get_content(), "headers": [k.lower() for k in mail.keys()]}))
            """
        let result = try await Program.python(script, Data(content.utf8).base64EncodedString())
        return try JSONDecoder().decode(Parsed.self, from: Data(result.output.utf8))
    }
}
