import Dispatch
import Foundation
import Glibc
import MartletIO
import Synchronization
import Testing

/// The program `ManageUnderTest` in a process of its own.
final class ManageProcess: Sendable {
    private let process: ChildProcess
    private let output: Int32
    /// What the program reads from; it ends when nobody has the other end any more.
    private let leash: Int32
    private let hasEnded = Atomic(false)

    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("ManageUnderTest").path

    /// Starts it.
    ///
    /// - Parameters:
    ///   - errors: What its standard error is; that of the output unless told.
    ///   - settings: Further variables.
    init(_ arguments: [String], errors: Int32? = nil, _ settings: [String: String] = [:]) throws {
        let (output, leash) = (try MartletIO.Pipe(), try MartletIO.Pipe())
        defer {
            close(output.writing)
            close(leash.reading)
        }
        self.output = output.reading
        self.leash = leash.writing
        var environment = [
            "PATH": "/usr/bin:/bin", "PROGRAM": Self.program, "SWIFT_BACKTRACE": "enable=no", "HOST": "127.0.0.1",
            "PORT": "0", "SECRET_KEY": "k", "ALLOWED_HOSTS": "127.0.0.1", "DATABASE_URL": "sqlite:///:memory:",
            "SERVER_DRAIN_DELAY": "0", "SERVER_KEEP_ALIVE_GRACE": "0",
        ]
        environment["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        environment.merge(settings) { $1 }
        let place = ChildProcess.firstDescriptor
        process = try ChildProcess(
            "/bin/sh", arguments: ["sh", "-c", "exec \"$PROGRAM\" \"$@\" 2>&\(place) \(place)>&-", "sh"] + arguments,
            environment: environment, descriptors: [errors ?? output.writing], input: leash.reading,
            output: output.writing)
    }

    deinit {
        if !hasEnded.load(ordering: .relaxed) {
            process.send(SIGKILL)
            process.wait()
        }
        close(output)
        close(leash)
    }

    /// The port that the site is served at.
    func port() async throws -> Int {
        var text = ""
        while !text.contains(" (Ctrl-C stops).") {
            let part = await onThreadOfItsOwn { [self] in read() }
            try #require(!part.isEmpty, "the program ended, or was silent for a minute: \(text)")
            text += part
        }
        return try #require(text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
    }

    func send(_ signal: Int32) { process.send(signal) }

    /// Waits for the end: how it ended, in words. It is killed when it is silent for a minute.
    func end() async -> String {
        await onThreadOfItsOwn { [self] in
            // Its output ends with it. A process that has ended already takes no harm.
            while !read().isEmpty {}
            process.send(SIGKILL)
            hasEnded.store(true, ordering: .relaxed)
            return process.wait()
        }
    }

    private func read() -> String {
        var watched = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, 60_000) > 0 else { return "" }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(output, &buffer, buffer.count)
        return String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
    }

    /// Calls that block must not keep a thread that the tests share.
    private func onThreadOfItsOwn<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "martlet.tests.manage").async { continuation.resume(returning: work()) }
        }
    }
}
