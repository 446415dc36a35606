import Foundation
import Glibc
import MartletHTTP
import MartletJSON
import MartletLogging
import MartletRouting
import MartletSite
import MartletTesting
import Synchronization
import TestPrograms
import Testing

/// Requests of a site whose log goes where the environment says, over real sockets and pipes.
@Suite(.timeLimit(.minutes(3))) struct LogSinksOfSitesTests {
    private static let log = Logger("blog.views")

    private static let site = Site(
        apps: [],
        urls: URLs {
            path(
                "tell/<int:number>/",
                { (_, number: Int) in
                    log.info("told", number: number, text: String(repeating: "x", count: 1_000))
                    return Response("told")
                })
        }, middleware: { _ in [] }, templates: [], staticFiles: [])

    /// Runs an operation with the site, which tells as its environment says.
    private static func with(
        _ variables: [String: String], _ operation: (RunningSite, any LogSink) async throws -> Void
    ) async throws {
        let tests = TestSite(site, variables: variables)
        let running = try await tests.makeSite()
        let sink = try running.settings.logging.makeSink()
        try await Logger.with(LogSettings(levels: running.settings.logging.levels, sink: sink)) {
            try await operation(running, sink)
        }
        await running.close()
        withExtendedLifetime(tests) {}
    }

    @Test(arguments: SyslogReceiver.Kind.allCases)
    func `a syslog gets the lines of a request in its own form`(_ kind: SyslogReceiver.Kind) async throws {
        let receiver = try SyslogReceiver(kind)
        let variables = [
            "LOG_DESTINATION": receiver.destination, "LOG_SYSLOG_FACILITY": "local3", "LOG_SYSLOG_PROGRAM": "blog",
        ]
        try await Self.with(variables) { (site, sink) async throws in
            for number in 0..<3 {
                #expect(try await TestClient(site).get("/tell/\(number)/").status == .ok)
                sink.flush()
                let message = try receiver.next()
                // Facility 19 and severity 6.
                #expect(message.hasPrefix("<158>1 "))
                #expect(message.contains(" blog \(getpid()) told [") && message.contains("number=\"\(number)\""))
                #expect(message.hasSuffix(" told"))
            }
            #expect(sink.droppedEvents == 0)
        }
    }

    /// A named pipe that keeps few bytes, and what was read from it.
    private final class NarrowPipe: Sendable {
        let folder: TemporaryFolder
        let reading: Int32
        private let text = Mutex("")

        var path: String { folder.file("log") }
        var lines: [JSONValue] {
            text.withLock { $0 }.split(separator: "\n").compactMap { try? JSON.parse(String($0)) }
        }

        init() throws {
            folder = try TemporaryFolder()
            try #require(mkfifo(folder.file("log"), 0o600) == 0)
            // Also for writing, so that neither end waits for the other.
            reading = open(folder.file("log"), O_RDWR | O_CLOEXEC)
            try #require(reading >= 0)
        }

        deinit { close(reading) }

        /// Begins to read; until then nobody does.
        func read() {
            let descriptor = dup(reading)
            Thread.detachNewThread { [self] in
                var buffer = [UInt8](repeating: 0, count: 4_096)
                while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 {
                    let part = String(decoding: buffer[..<count], as: UTF8.self)
                    let isLast = text.withLock { text in
                        text += part
                        return text.contains("\"event\":\"end\"") && text.hasSuffix("\n")
                    }
                    if isLast { break }
                }
                close(descriptor)
            }
        }

        func wait(for event: String) async {
            while !lines.contains(where: { $0["event"]?.stringValue == event }) { await Task.yield() }
        }
    }

    private static let count = 400

    @Test func `lines that nobody takes are dropped and counted, and requests go on`() async throws {
        let pipe = try NarrowPipe()
        let variables = [
            "LOG_DESTINATION": "file:\(pipe.path)", "LOG_FORMAT": "json", "LOG_WHEN_FULL": "drop",
            "LOG_BUFFER_SIZE": "64KB",
        ]
        try await Self.with(variables) { (site, sink) async throws in
            for number in 0..<Self.count {
                #expect(try await TestClient(site).get("/tell/\(number)/").status == .ok)
            }
            // A pipe, a buffer, and what is being written: less than half of it all.
            let dropped = sink.droppedEvents
            #expect((Self.count / 4..<Self.count).contains(dropped))
            #expect(Logger.droppedEvents == dropped)
            pipe.read()
            sink.flush()
            Self.log.info("end")
            sink.flush()
            await pipe.wait(for: "end")
            let told = pipe.lines.filter { $0["event"] == "told" }
            #expect(told.count == Self.count - dropped)
            let notices = pipe.lines.filter { $0["event"] == "log_events_dropped" }
            #expect(notices.compactMap { $0["count"]?.intValue }.reduce(0, +) == dropped)
            #expect(notices.allSatisfy { $0["reason"]?.stringValue?.isEmpty == false })
        }
    }

    @Test func `with block whoever tells waits for the reader, and no line is lost`() async throws {
        let pipe = try NarrowPipe()
        let variables = [
            "LOG_DESTINATION": "file:\(pipe.path)", "LOG_FORMAT": "json", "LOG_WHEN_FULL": "block",
            "LOG_BUFFER_SIZE": "64KB",
        ]
        pipe.read()
        try await Self.with(variables) { (site, sink) async throws in
            for number in 0..<Self.count {
                #expect(try await TestClient(site).get("/tell/\(number)/").status == .ok)
            }
            Self.log.info("end")
            sink.flush()
            await pipe.wait(for: "end")
            #expect(sink.droppedEvents == 0)
            let numbers = pipe.lines.filter { $0["event"] == "told" }.compactMap { $0["number"]?.intValue }
            #expect(numbers == Array(0..<Self.count))
        }
    }
}
