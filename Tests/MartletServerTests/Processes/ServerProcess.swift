import Dispatch
import Foundation
import Glibc
import MartletIO
import MartletServer
import TestPrograms
import Testing

/// The program `ServerUnderTest` in a process of its own.
///
/// `@unchecked Sendable`: the pipe and the buffer are used by the one task that runs the test.
final class ServerProcess: @unchecked Sendable {
    private let process: ChildProcess
    private let output: Int32
    /// What the program reads from; it ends when nobody has the other end any more.
    private let leash: Int32
    private var text = ""
    private var lines: [String] = []
    private var hasEnded = false

    /// The processes that have taken over, to be ended with the first.
    private var others: Set<pid_t> = []

    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("ServerUnderTest").path

    /// Starts it.
    ///
    /// - Parameters:
    ///   - sockets: Listening sockets that it gets as a supervisor would hand them over.
    ///   - settings: Further variables.
    init(sockets: [Int32] = [], _ settings: [String: String] = [:]) throws {
        let (output, leash) = (try MartletIO.Pipe(), try MartletIO.Pipe())
        defer {
            close(output.writing)
            close(leash.reading)
        }
        self.output = output.reading
        self.leash = leash.writing
        var environment = ["PORT": "0", "WORKERS": "2", "SWIFT_BACKTRACE": "enable=no", "SERVER_DRAIN_TIMEOUT": "1s"]
        // As in `withServer`.
        for name in ["HEAD", "BODY", "WRITE"] { environment["SERVER_\(name)_TIMEOUT"] = "2m" }
        environment["PATH"] = "/usr/bin:/bin"
        environment["PROGRAM"] = Self.program
        // What a sanitizer needs, it needs there too.
        for name in ["LD_LIBRARY_PATH", "LD_PRELOAD", "TSAN_OPTIONS"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        if !sockets.isEmpty { environment["LISTEN_FDS"] = "\(sockets.count)" }
        environment.merge(settings) { $1 }
        // The shell knows the number that the program is going to have, as a supervisor does after its fork.
        let last = ChildProcess.firstDescriptor + Int32(sockets.count)
        let script = "LISTEN_PID=$$ exec \"$PROGRAM\" >&\(last) \(last)>&-"
        process = try ChildProcess(
            "/bin/sh", arguments: ["sh", "-c", script], environment: environment,
            descriptors: sockets + [output.writing],
            input: leash.reading)
    }

    deinit {
        if !hasEnded {
            process.send(SIGKILL)
            process.wait()
        }
        for other in others { kill(other, SIGKILL) }
        close(output)
        close(leash)
    }

    var id: pid_t { process.id }

    /// Waits for a line that contains `part`, or one of several with `|` between them, and takes it out; two processes
    /// may write in either order.
    @discardableResult
    func line(_ part: String) async throws -> String {
        while true {
            let parts = part.split(separator: "|")
            let found = lines.firstIndex { line in parts.contains { line.contains($0) } }
            if let found { return lines.remove(at: found) }
            let bytes = await blocking { [output] in Self.read(output) }
            try #require(!bytes.isEmpty, "the program ended, or was silent for a minute, before it said '\(part)'")
            text += String(decoding: bytes, as: UTF8.self)
            takeLines()
        }
    }

    private func takeLines() {
        while let end = text.firstIndex(of: "\n") {
            let line = String(text[..<end])
            text.removeSubrange(...end)
            lines.append(line)
            if let number = line.split(separator: " ").first.flatMap({ pid_t($0) }), number != id {
                others.insert(number)
            }
        }
    }

    private static func read(_ descriptor: Int32) -> [UInt8] {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, 60_000) > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return Array(buffer[..<max(count, 0)])
    }

    /// The address of the next line that says one.
    func address() async throws -> SocketAddress {
        let line = try await line("listening on 127.0.0.1:")
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
        return SocketAddress(host: "127.0.0.1", port: port)
    }

    func send(_ signal: Int32) { process.send(signal) }

    /// Waits for the end: how it ended, in words.
    func end() async -> String {
        let process = process
        let end = await blocking { process.wait() }
        hasEnded = true
        return end
    }
}

/// Runs calls that block on a thread of their own.
func blocking<Result: Sendable>(_ operation: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        DispatchQueue(label: "martlet.tests.blocking").async { continuation.resume(returning: operation()) }
    }
}

/// A folder that goes with the test.
func withTemporaryFolder(_ operation: (String) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try await operation(folder.path)
}
