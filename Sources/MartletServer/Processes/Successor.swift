import Dispatch
import FoundationEssentials
import Glibc
import MartletIO

/// The process that takes over the listening sockets: the same program with the same arguments, in its present version.
struct Successor: Sendable {
    let process: ChildProcess

    /// Where the process says that it listens; at its end when it has ended.
    private let ready: Int32

    /// Starts it.
    ///
    /// - Throws: ``SuccessionError``, `SystemCallError`.
    init(for sockets: [ListeningSocket]) throws {
        guard getpid() != 1 else { throw SuccessionError.isFirstProcess }
        let pipe = try Pipe()
        defer { Socket.close(pipe.writing) }
        ready = pipe.reading
        do {
            // Whoever waits for the end of a pipe that this process was given waits for this process, not for the next.
            Socket.closeAllOnExec()
            var environment = ProcessInfo.processInfo.environment
            environment[InheritedSockets.handoverVariable] = String(sockets.map { $0.isSupervised ? "s" : "o" })
            process = try Self.start(environment, sockets.map(\.descriptor) + [pipe.writing])
        } catch {
            Socket.close(ready)
            throw error
        }
    }

    /// By the name it was called with, so that a link may lead to a new version by now; else by the file it was.
    private static func start(_ environment: [String: String], _ descriptors: [Int32]) throws -> ChildProcess {
        let arguments = CommandLine.arguments
        do {
            return try ChildProcess(
                arguments.first ?? "", arguments: arguments, environment: environment, descriptors: descriptors)
        } catch let error as SystemCallError where error.call == "posix_spawn" {
            guard let file = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
                throw error
            }
            // What Linux adds when another file has taken the place.
            let suffix = " (deleted)"
            let program = file.hasSuffix(suffix) ? String(file.dropLast(suffix.count)) : file
            return try ChildProcess(program, arguments: arguments, environment: environment, descriptors: descriptors)
        }
    }

    /// Waits until it listens.
    ///
    /// - Throws: ``SuccessionError`` when it ends first, or needs too long and is ended.
    func waitUntilListening(_ timeout: Duration) async throws {
        let milliseconds = Int32(clamping: timeout.wholeNanoseconds / 1_000_000)
        try await withCheckedThrowingContinuation { continuation in
            // The calls block, so they have a thread of their own.
            DispatchQueue(label: "martlet.successor").async {
                continuation.resume(with: Result { try wait(milliseconds, timeout) })
            }
        }
    }

    private func wait(_ milliseconds: Int32, _ timeout: Duration) throws {
        defer { Socket.close(ready) }
        var watched = pollfd(fd: ready, events: Int16(POLLIN), revents: 0)
        let count = poll(&watched, 1, milliseconds)
        var byte: UInt8 = 0
        if count > 0, read(ready, &byte, 1) == 1 { return }
        // Has no effect on one that has ended by itself.
        process.send(SIGKILL)
        let end = process.wait()
        throw count == 0 ? SuccessionError.tooSlow(timeout) : SuccessionError.ended(end)
    }
}

/// Why no process could take over.
enum SuccessionError: Error, Sendable, CustomStringConvertible {
    case isFirstProcess
    case ended(String)
    case tooSlow(Duration)

    var description: String {
        switch self {
        case .isFirstProcess:
            "The server is the first process of its container, which ends with it. Replace the container instead."
        case .ended(let how):
            "The new process \(how) before it listened. What it has written tells why; correct that and send SIGHUP again."
        case .tooSlow(let timeout):
            "The new process did not listen within \(timeout) and was ended. Raise reloadTimeout if it needs longer."
        }
    }
}
