import Dispatch
import Glibc
import MartletHTTP
import MartletRouting
import MartletServer
import MartletSite

/// A server with its settings from the environment, for tests that need a process of its own.
///
/// `/` answers with the process's number and what it was sent, `/file` with the file `TEST_FILE`, `/trap` ends the process as
/// a programming error does.
/// Every address and event is a line on standard output. With `TEST_SITE` it serves a site with the
/// addresses of its health, and with the argument `migrate` it is no server, but ``MigrationUnderTest``.
@main enum ServerUnderTest {
    static func main() async throws {
        if CommandLine.arguments.dropFirst().first == "migrate" { return try await MigrationUnderTest.run() }
        endWithTheTests()
        if let limit = getenv("TEST_DESCRIPTORS").flatMap({ rlim_t(String(cString: $0)) }) {
            var limits = rlimit(rlim_cur: limit, rlim_max: limit)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        }
        if getenv("TEST_SITE") != nil { return try await serveSite() }
        // What a new version that does not work does.
        if let path = getenv("TEST_FAILS_IF"), access(path, F_OK) == 0 { exit(3) }
        if let path = getenv("TEST_HANGS_IF"), access(path, F_OK) == 0 { pause() }
        var reader = SettingsReader(Environment())
        let settings = ServerSettings(&reader)
        try reader.finish()
        let server = Server(settings: settings, events: { say("\($0.kind)") }, handler: answer)
        do {
            try await server.run { say("listening on \($0)") }
        } catch {
            say("failed: \(error)")
            exit(1)
        }
    }

    /// Serves a site with the addresses of its health.
    private static func serveSite() async throws {
        let urls = URLs {
            include("", healthURLs)
            path("", { request in Response("page") })
        }
        let site = Site(apps: [], urls: urls, middleware: { _ in [] })
        let settings = try site.settings(Environment())
        let running = try RunningSite(site, settings: settings)
        let server = Server(
            settings: settings.server, events: { say("\($0.kind)") }, scope: running.scope, handler: running.handler)
        running.isServed(by: server)
        try await server.run { say("listening on \($0)") }
    }

    /// Ends this process when the one that reads its output has ended, however that came.
    private static func endWithTheTests() {
        DispatchQueue(label: "martlet.tests.leash").async {
            var byte: UInt8 = 0
            while read(STDIN_FILENO, &byte, 1) > 0 {}
            _exit(9)
        }
    }

    @Sendable private static func answer(_ request: Request) async throws -> Response {
        if request.path == "/trap" { trap(request.headers.count) }
        if request.path == "/file", let path = getenv("TEST_FILE") {
            return Response(body: .file(try OpenFile(path: String(cString: path))))
        }
        let body = try await request.body.collect()
        return Response("\(getpid()) \(request.peerAddress) [\(String(decoding: body, as: UTF8.self))]")
    }

    /// Adds to the largest number, which the compiler cannot see.
    private static func trap(_ count: Int) {
        say("\(Int.max - 1 + count + 1)")
    }

    /// Past the buffers of C, so that a line is there when it is read.
    @Sendable private static func say(_ line: String) {
        let line = "\(getpid()) \(line)\n"
        _ = write(STDOUT_FILENO, line, line.utf8.count)
    }
}
