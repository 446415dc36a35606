import Dispatch
import FoundationEssentials
package import Glibc
import MartletIO
import Synchronization

/// A program that serves a test: a server, a proxy, a browser. It is killed with its last reference, and when the
/// process of the tests ends in any other way.
///
/// Foundation's `Process` is not used: it reads beyond the end of its arguments, which ends the tests now and then.
package final class Program: Sendable {
    /// The process's number.
    package var id: pid_t { process.id }

    /// The number that the first of `descriptors` has in the program.
    package static let firstDescriptor = ChildProcess.firstDescriptor + 1

    private let process: ChildProcess
    private let leash: Int32
    private let ending = Mutex<String?>(nil)

    /// Starts a program, without input, and with its output dropped.
    ///
    /// - Parameters:
    ///   - name: Its path, or its name on the path or in a folder for servers.
    ///   - descriptors: What it gets from ``firstDescriptor`` on.
    /// - Throws: ``ProgramError`` when there is no such program; `SystemCallError`.
    package init(_ name: String, _ arguments: [String], descriptors: [Int32] = []) throws {
        let path = try Self.find(name)
        let pipe = try Pipe()
        defer { close(pipe.reading) }
        // The watcher hears of the end of this process, however it comes, and has the number that the shell hands on to
        // the program.
        let script = "(cat <&3 >/dev/null; kill -KILL $$) 2>/dev/null & exec \"$@\" 3<&-"
        let null = Glibc.open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        process = try ChildProcess(
            "/bin/sh", arguments: ["sh", "-c", script, "sh", path] + arguments,
            environment: ProcessInfo.processInfo.environment, descriptors: [pipe.reading] + descriptors, input: null,
            output: null)
        leash = pipe.writing
    }

    deinit {
        stop(SIGKILL)
        close(leash)
    }

    /// Whether it has not ended.
    package var isRunning: Bool {
        ending.withLock { ending in
            if ending == nil, waitpid(process.id, nil, WNOHANG) != 0 { ending = "ended" }
            return ending == nil
        }
    }

    /// Sends a signal, if it has not ended.
    package func send(_ signal: Int32) {
        if isRunning { process.send(signal) }
    }

    /// Ends the program and waits until it has ended, keeping the thread.
    package func stop(_ signal: Int32 = SIGTERM) {
        ending.withLock { ending in
            guard ending == nil else { return }
            process.send(signal)
            ending = process.wait()
        }
    }

    /// Returns when the program has ended.
    package func ended() async {
        await withCheckedContinuation { continuation in
            // Waiting blocks a thread, which must not be one of those that the tests share.
            DispatchQueue(label: "martlet.tests.program").async { [id] in
                var information = siginfo_t()
                // Leaves the end to be collected by `stop`.
                while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
                continuation.resume()
            }
        }
    }

    /// The path of a program.
    ///
    /// - Throws: ``ProgramError`` when there is none.
    package static func find(_ name: String) throws -> String {
        guard !name.contains("/") else { return name }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        // Debian keeps servers out of the path of ordinary users.
        for folder in path + ["/usr/sbin", "/usr/local/sbin", "/usr/bin"] where access("\(folder)/\(name)", X_OK) == 0 {
            return "\(folder)/\(name)"
        }
        throw ProgramError(description: "\(name) is not installed: Scripts/requirements test installs it")
    }

    /// Whether there is such a program.
    package static func exists(_ name: String) -> Bool {
        (try? find(name)) != nil
    }
}

/// Why a program could not be used.
package struct ProgramError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}
