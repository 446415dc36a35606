import Dispatch
import Foundation
import Glibc
import MartletIO

extension Program {
    /// What became of a program that was run to its end.
    package struct Result: Sendable {
        /// Its status; 128 and the number of the signal that ended it.
        package let status: Int32
        /// What it has written to both its outputs.
        package let output: String
    }

    /// Runs a program to its end; it is killed when it does not end within a minute.
    ///
    /// - Parameter environment: Variables besides those of this process.
    @discardableResult
    package static func run(
        _ name: String, _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) async throws -> Result {
        try await blocking { try runBlocking(name, arguments, input: input, environment: environment) }
    }

    /// Runs a program to its end, keeping the thread.
    ///
    /// - Parameter seconds: When it is killed.
    @discardableResult
    package static func runBlocking(
        _ name: String, _ arguments: [String], input: String = "", environment: [String: String] = [:],
        seconds: Int = 60
    ) throws -> Result {
        let talk = try Talk(name, arguments, environment, seconds: seconds)
        talk.send(input)
        return talk.finish()
    }

    /// Runs a script in Python with the standard library alone.
    package static func python(_ script: String, _ arguments: String...) async throws -> Result {
        try await run("python3", ["-c", script] + arguments)
    }

    /// Runs a program that is spoken with: what is sent goes out when the text before it has come in.
    ///
    /// - Returns: All that the program has written.
    package static func converse(
        _ name: String, _ arguments: [String], _ turns: [(after: String, send: @Sendable () throws -> String)]
    ) async throws -> String {
        try await blocking {
            let talk = try Talk(name, arguments, [:])
            for turn in turns {
                talk.wait(for: turn.after)
                talk.send(try turn.send())
            }
            return talk.finish().output
        }
    }

    /// Does something that blocks on a thread of its own: the tests share few.
    static func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "martlet.tests.program").async {
                continuation.resume(with: Swift.Result { try work() })
            }
        }
    }
}

/// A program with its input and outputs; used by one thread.
private final class Talk {
    private let process: ChildProcess
    private let input: Int32
    private let output: Int32
    private var text: [UInt8] = []
    private var heard = 0

    init(_ name: String, _ arguments: [String], _ environment: [String: String], seconds: Int = 60) throws {
        // Whoever talks to a program that has ended is told so by the call, and not ended as well.
        signal(SIGPIPE, SIG_IGN)
        let (input, output) = (try MartletIO.Pipe(), try MartletIO.Pipe())
        defer {
            close(input.reading)
            close(output.writing)
        }
        let path = try Program.find(name)
        process = try ChildProcess(
            "timeout", arguments: ["timeout", "-s", "KILL", "\(seconds)", path] + arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, input: input.reading,
            output: output.writing)
        self.input = input.writing
        self.output = output.reading
    }

    deinit { close(output) }

    /// Sends text; a program that has ended does not read it.
    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads until a text has come after the one that was waited for before, or the program has ended.
    func wait(for expected: String) {
        let expected = Data(expected.utf8)
        while true {
            if let range = Data(text).range(of: expected, in: heard..<text.count) {
                heard = range.upperBound
                return
            }
            guard read() else { return }
        }
    }

    /// Closes the input, reads the rest and waits for the end.
    func finish() -> Program.Result {
        close(input)
        while read() {}
        var status: Int32 = 0
        while waitpid(process.id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return Program.Result(
            status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: String(decoding: text, as: UTF8.self))
    }

    private func read() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(output, &buffer, buffer.count)
        guard count > 0 else { return false }
        text += buffer[..<count]
        return true
    }
}
