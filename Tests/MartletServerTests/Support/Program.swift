import Dispatch
import Foundation

/// A program that is run to its end, on a thread of its own.
enum Program {
    struct Result: Sendable {
        let status: Int32
        /// What it has written to both its outputs.
        let output: String
    }

    /// Runs a program found on the path; it is killed when it does not end within a minute.
    @discardableResult
    static func run(_ name: String, _ arguments: [String], input: String = "") async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "martlet.tests.program").async {
                continuation.resume(with: Swift.Result { try runBlocking(name, arguments, input: input) })
            }
        }
    }

    /// Whether a program is on the path.
    static func exists(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Makes a file of so many zeros, which take no place on the disk.
    static func makeFile(_ path: String, byteCount: Int) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: UInt64(byteCount))
        try file.close()
    }

    /// Runs a script in Python with the standard library alone.
    static func python(_ script: String, _ arguments: String...) async throws -> Result {
        try await run("python3", ["-c", script] + arguments)
    }

    /// Runs a program that is spoken with: what is sent goes out when the text before it has come in.
    ///
    /// - Returns: All that the program has written.
    static func converse(
        _ name: String, _ arguments: [String], _ turns: [(after: String, send: @Sendable () throws -> String)]
    ) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "martlet.tests.program").async {
                continuation.resume(with: Swift.Result { try converseBlocking(name, arguments, turns) })
            }
        }
    }

    private static func converseBlocking(
        _ name: String, _ arguments: [String], _ turns: [(after: String, send: @Sendable () throws -> String)]
    ) throws -> String {
        let (process, input, output) = try start(name, arguments)
        var read = Data()
        var heard = 0
        for turn in turns {
            var range: Range<Data.Index>?
            while range == nil {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { break }
                read += more
                range = read.range(of: Data(turn.after.utf8), in: heard..<read.count)
            }
            heard = range?.upperBound ?? read.count
            input.fileHandleForWriting.write(Data(try turn.send().utf8))
        }
        try input.fileHandleForWriting.close()
        read += output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: read, as: UTF8.self)
    }

    private static func runBlocking(_ name: String, _ arguments: [String], input: String) throws -> Result {
        let (process, ends, output) = try start(name, arguments)
        ends.fileHandleForWriting.write(Data(input.utf8))
        try ends.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: text)
    }

    private static func start(_ name: String, _ arguments: [String]) throws -> (Process, input: Pipe, output: Pipe) {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // A signal that this process ignores would be ignored there too.
        process.arguments = ["timeout", "-s", "KILL", "60", name] + arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return (process, input, output)
    }
}

/// A folder that vanishes with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/martlet-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in the folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }
}
