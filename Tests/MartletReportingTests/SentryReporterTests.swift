import Foundation
import MartletHTTP
import MartletIO
import MartletLogging
import MartletReporting
import MartletServer
import Synchronization
import TestPrograms
import Testing

@Suite struct SentryReporterTests {
    struct Inner: Error {}
    struct Broken: Error, CustomStringConvertible {
        let cause: any Error = Inner()
        var description: String { "It broke: \u{1F525} \"quoted\"\n" }
    }

    @Test func `sentry-sdk reads the envelope that is sent`() async throws {
        let python = try await PythonEnvironment("sentry-sdk")
        let receiver = try await Receiver()
        let request = Request(
            method: .post, target: "/posts/", path: "/posts/ä", queryString: "page=2&token=hush",
            headers: try Headers(["Host": "example.org", "Authorization": "hush", "Accept": "*/*"]),
            body: RequestBody(), peerAddress: "192.0.2.7", isEncrypted: false)
        var context = ErrorContext(request: request, date: Date(timeIntervalSince1970: 1.5), extra: ["feed": "weather"])
        context.requestID = "r1"
        context.userID = "7"
        context.route = "/posts/<slug>/"
        context.release = "1.2.3"
        context.environment = "staging"
        await SentryReporter(try receiver.dsn(), serverName: "web-1").capture(Broken(), context)

        let received = try #require(receiver.requests.first)
        #expect(received.path == "/prefix/api/42/envelope/")
        #expect(received.type == "application/x-sentry-envelope")
        #expect(received.auth == "Sentry sentry_version=7, sentry_client=martlet/0.1, sentry_key=publickey")
        let script = """
            import base64, json, sys
            from sentry_sdk.envelope import Envelope
            envelope = Envelope.deserialize(base64.b64decode(sys.argv[1]))
            event = envelope.get_event()
            assert len(envelope.items) == 1 and envelope.items[0].data_category == "error"
            assert envelope.headers["event_id"] == event["event_id"] and len(event["event_id"]) == 32
            assert envelope.headers["dsn"].startswith("http://publickey@127.0.0.1:")
            print(json.dumps(event, sort_keys=True))
            """
        let printed = try await python.run(script, Data(received.body).base64EncodedString())
        let event = try #require(try JSONSerialization.jsonObject(with: Data(printed.utf8)) as? [String: Any])
        let values = try #require((event["exception"] as? [String: Any])?["values"] as? [[String: Any]])
        #expect(values.map { $0["type"] as? String } == ["SentryReporterTests.Inner", "SentryReporterTests.Broken"])
        #expect(values.map { $0["module"] as? String } == ["MartletReportingTests", "MartletReportingTests"])
        #expect(values.last?["value"] as? String == "It broke: \u{1F525} \"quoted\"\n")
        #expect(values.map { ($0["mechanism"] as? [String: Any])?["handled"] as? Bool } == [true, false])
        let told = try #require(event["request"] as? [String: Any])
        #expect(told["method"] as? String == "POST" && told["url"] as? String == "http://example.org/posts/%C3%A4")
        #expect(told["query_string"] as? String == "page=2&token=%5Bhidden%5D")
        #expect(!printed.contains("hush"))
        #expect(event["release"] as? String == "1.2.3" && event["environment"] as? String == "staging")
        #expect(event["server_name"] as? String == "web-1" && event["transaction"] as? String == "/posts/<slug>/")
        #expect((event["user"] as? [String: String]) == ["id": "7"])
        #expect((event["tags"] as? [String: String])?["request_id"] == "r1")
        #expect((event["extra"] as? [String: String]) == ["feed": "weather"])
        #expect(event["timestamp"] as? String == "1970-01-01T00:00:01.500000Z" && event["level"] as? String == "error")
        await receiver.stop()
    }

    @Test func `a pause that the server asks for is kept, and what it costs is logged`() async throws {
        let receiver = try await Receiver(status: .tooManyRequests, headers: ["Retry-After": "30"])
        let clock = TestClock()
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) {
            let reporter = SentryReporter(try receiver.dsn(), clock: { clock.now })
            for _ in 0..<3 { await reporter.capture(Broken(), ErrorContext()) }
            #expect(receiver.requests.count == 1)
            clock.advance(by: 29)
            await reporter.capture(Broken(), ErrorContext())
            #expect(receiver.requests.count == 1)
            clock.advance(by: 1)
            await reporter.capture(Broken(), ErrorContext())
            #expect(receiver.requests.count == 2)
        }
        #expect(sink.events.map(\.name) == ["sentry_pause", "sentry_reports_dropped", "sentry_pause"])
        await receiver.stop()
    }

    @Test func `an answer that is a refusal, and no answer, are logged`() async throws {
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) {
            let receiver = try await Receiver(status: .forbidden)
            let reporter = SentryReporter(try receiver.dsn())
            await reporter.capture(Broken(), ErrorContext())
            await receiver.stop()
            await reporter.capture(Broken(), ErrorContext())
        }
        #expect(sink.events.map(\.name) == ["sentry_report_refused", "sentry_report_failed"])
    }
}

/// A server that takes envelopes as Sentry does.
private final class Receiver: Sendable {
    struct Received: Sendable {
        let path: String
        let type: String?
        let auth: String?
        let body: [UInt8]
    }

    private let server: Server
    private let port: Int
    private let received: Inbox

    private final class Inbox: Sendable {
        let requests = Mutex<[Received]>([])
    }

    var requests: [Received] { received.requests.withLock { $0 } }

    init(status: HTTPStatus = .ok, headers: KeyValuePairs<String, String> = [:]) async throws {
        let inbox = Inbox()
        received = inbox
        let fields = try Headers(headers)
        var settings = ServerSettings()
        settings.host = "127.0.0.1"
        settings.port = 0
        settings.keepAliveGrace = .zero
        let auth = HeaderName(literal: "X-Sentry-Auth")
        server = Server(settings: settings) { request in
            let body = try await request.body.collect()
            inbox.requests.withLock {
                $0.append(
                    Received(
                        path: request.path, type: request.headers[.contentType], auth: request.headers[auth], body: body
                    ))
            }
            return Response(status: status, headers: fields)
        }
        port = try await server.start().port
    }

    func dsn() throws -> SentryDSN {
        try #require(SentryDSN("http://publickey@127.0.0.1:\(port)/prefix/42"))
    }

    func stop() async { await server.stop(grace: .zero) }
}
