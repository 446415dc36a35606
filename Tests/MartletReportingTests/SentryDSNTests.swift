import Foundation
import MartletTransfer
import Testing

@testable import MartletReporting

@Suite struct SentryDSNTests {
    static let readable = [
        ("https://key@sentry.io/42", "https://sentry.io/api/42/envelope/"),
        ("https://key@o1.ingest.sentry.io/42", "https://o1.ingest.sentry.io/api/42/envelope/"),
        ("http://key@127.0.0.1:9000/1", "http://127.0.0.1:9000/api/1/envelope/"),
        ("https://key:secret@sentry.example.org/a/b/7", "https://sentry.example.org/a/b/api/7/envelope/"),
    ]

    @Test(arguments: readable) func `an address for envelopes is made of a DSN`(_ text: String, _ url: String) throws {
        let dsn = try #require(SentryDSN(text))
        #expect(dsn.envelopeURL == url)
        #expect(dsn.publicKey == "key")
        #expect(!dsn.description.contains("secret"))
    }

    static let unreadable = [
        "", "key@sentry.io/42", "https://sentry.io/42", "https://key@sentry.io", "https://key@sentry.io/",
        "ftp://key@sentry.io/42", "https://@sentry.io/42", "https://key@/42", "https://key@host:port/42",
        "https://key@sentry.io/4 2", "https://key@sentry.io/42?x=1", "https://key@sentry.io/a//42",
        "https://key\r\nX: y@sentry.io/42", "file:///etc/passwd",
    ]

    @Test(arguments: unreadable) func `what is no DSN is refused`(_ text: String) {
        #expect(SentryDSN(text) == nil)
    }

    struct Case: Sendable {
        let status: Int
        let headers: [String: String]
        let seconds: Double?
    }

    // Sentry, "Rate Limiting", with its examples.
    static let pauses = [
        Case(status: 200, headers: [:], seconds: nil),
        Case(status: 500, headers: ["retry-after": "10"], seconds: nil),
        Case(status: 429, headers: [:], seconds: 60),
        Case(status: 429, headers: ["retry-after": "10"], seconds: 10),
        Case(status: 429, headers: ["retry-after": "soon"], seconds: 60),
        Case(status: 429, headers: ["retry-after": "-1"], seconds: 60),
        Case(status: 429, headers: ["retry-after": "1e400"], seconds: 60),
        Case(status: 429, headers: ["retry-after": "99999999"], seconds: 86_400),
        Case(status: 429, headers: ["retry-after": "Mon, 12 Jan 1970 13:46:50 GMT"], seconds: 10),
        Case(status: 200, headers: ["x-sentry-rate-limits": "60::organization"], seconds: 60),
        Case(
            status: 429,
            headers: ["x-sentry-rate-limits": "60:transaction:key, 2700:default;error;security:organization"],
            seconds: 2_700),
        Case(status: 429, headers: ["x-sentry-rate-limits": "60:transaction:key"], seconds: nil),
        Case(status: 429, headers: ["x-sentry-rate-limits": "nonsense"], seconds: nil),
    ]

    @Test(arguments: pauses) func `the server's answer says how long to wait`(_ example: Case) {
        let now = Date(timeIntervalSince1970: 1_000_000)
        let answer = HTTPTransfer.Answer(
            status: example.status, headers: example.headers.map { ($0.key, $0.value) }, content: [])
        #expect(SentryPause.end(answer, now: now)?.timeIntervalSince(now) == example.seconds)
    }
}
