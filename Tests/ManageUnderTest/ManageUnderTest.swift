import Dispatch
import Glibc
import MartletCommands
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import MartletSite

/// A site with its `manage`, for tests of what becomes of a process's log.
///
/// `/` is a page, `/trap/` tells events and ends the process as a programming error does, and `/together/N/` answers when
/// N requests wait there. `manage tell STATUS` tells the same events and ends with the status.
@main enum ManageUnderTest {
    static let log = Logger("tests")

    private static let meeting = Meeting()

    private static let site = Site(
        apps: [],
        urls: URLs {
            path("", { _ in Response("page") })
            path("trap/", trap)
            path("together/<int:count>/", together)
        }, middleware: { _ in [RequestID(), RequestLog()] }, templates: [], staticFiles: [], folder: "/nonexistent")

    static func main() async {
        endWithTheTests()
        await manage(site, commands: [TellCommand()])
    }

    /// Tells more than the writing thread, which looks a thousand times a second, has written by the end of it.
    static func tell() {
        for number in 0..<500 { log.info("told", n: number) }
    }

    @Sendable private static func trap(_ request: Request) -> Response {
        tell()
        // What a mistake in a view comes to: the tests are about what is left of the process then. A trap without words
        // leaves the writing thread no time. The compiler cannot see that the sum is too large.
        return Response("\(Int.max - 1 + request.headers.count + 1)")
    }

    @Sendable private static func together(_ request: Request, _ count: Int) async -> Response {
        log.info("arrived", worker: "\(pthread_self())")
        await meeting.wait(for: count)
        return Response("together")
    }

    /// Ends this process when the one that holds the other end of its input has ended, however that came.
    private static func endWithTheTests() {
        DispatchQueue(label: "martlet.tests.leash").async {
            var byte: UInt8 = 0
            while read(STDIN_FILENO, &byte, 1) > 0 {}
            _exit(9)
        }
    }
}

/// Tells events and ends at once.
private struct TellCommand: Command {
    let name = "tell"
    let summary = "Tells events."

    let status = CommandArgument("STATUS", default: 0, help: "What the process ends with.")

    func run(_ context: CommandContext) async throws {
        let status = try context.arguments[status]
        ManageUnderTest.tell()
        if status != 0 { throw CommandError("told", exitCode: Int32(status)) }
    }
}

/// Lets requests go on when so many have come.
private actor Meeting {
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait(for count: Int) async {
        await withCheckedContinuation { continuation in
            waiting.append(continuation)
            guard waiting.count >= count else { return }
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }
}
