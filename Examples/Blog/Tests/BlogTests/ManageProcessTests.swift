import Foundation
import Martlet
import MartletTesting
import Synchronization
import Testing

/// The built program, as a user starts it.
@Suite(.timeLimit(.minutes(1))) struct ManageProcessTests {
    /// The program beside the tests.
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("manage")

    private func start(
        _ arguments: [String], _ output: Pipe, in folder: URL, _ settings: [String: String] = ["DEBUG": "true"]
    ) throws -> Process {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: blogFolder)
        process.environment = [
            "DATABASE_URL": "sqlite:///\(folder.path)/blog.sqlite3", "HOST": "127.0.0.1", "PORT": "0",
        ].merging(settings) { $1 }
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return process
    }

    /// Waits for the end without keeping a thread of the tests.
    private func status(of process: Process) async -> Int32 {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "wait").async {
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
    }

    private func withFolder(_ operation: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await operation(folder)
    }

    /// What the program has written, up to and with a part.
    private func text(in output: Pipe, through part: String) throws -> String {
        var text = ""
        while !text.contains(part) {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the program ended: \(text)")
            text += String(decoding: data, as: UTF8.self)
        }
        return text
    }

    /// The port in the line that says where the site is served.
    private func port(in output: Pipe) throws -> Int {
        let text = try text(in: output, through: " (Ctrl-C stops).")
        return try #require(text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
    }

    @Test func `runserver serves until Ctrl-C and then ends with status 0`() async throws {
        try await withFolder { folder in
            #expect(await status(of: try start(["migrate"], Pipe(), in: folder)) == 0)
            let output = Pipe()
            let server = try start(["runserver"], output, in: folder)
            defer { if server.isRunning { server.terminate() } }
            let port = try port(in: output)
            let answer = try await LiveServer.send(
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", port: port)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            // How long that takes is measured by Scripts/bench, which has a bar of one second.
            server.interrupt()
            #expect(await status(of: server) == 0)
        }
    }

    @Test func `SIGHUP lets a new process take over the port`() async throws {
        try await withFolder { folder in
            #expect(await status(of: try start(["migrate"], Pipe(), in: folder)) == 0)
            let output = Pipe()
            let server = try start(
                ["runserver"], output, in: folder,
                ["SECRET_KEY": "k", "ALLOWED_HOSTS": "127.0.0.1", "SERVER_KEEP_ALIVE_GRACE": "0"])
            defer { if server.isRunning { server.terminate() } }
            let port = try port(in: output)
            kill(server.processIdentifier, SIGHUP)
            let text = try text(in: output, through: "has taken over")
            let next = try #require(text.firstMatch(of: /Process (\d+) is to take over/).flatMap { pid_t($0.1) })
            defer { kill(next, SIGTERM) }
            #expect(await status(of: server) == 0)
            let answer = try await LiveServer.send(
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", port: port)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `a port in use is said clearly and ends with status 1`() async throws {
        try await withFolder { folder in
            let output = Pipe()
            let first = try start(["runserver"], output, in: folder)
            defer { if first.isRunning { first.terminate() } }
            let port = try port(in: output)
            let words = Pipe()
            let second = try start(["runserver", "\(port)"], words, in: folder)
            defer { if second.isRunning { second.terminate() } }
            #expect(await status(of: second) == 1)
            let text = String(decoding: words.fileHandleForReading.availableData, as: UTF8.self)
            #expect(text.contains("\(port)") && text.lowercased().contains("in use"), "\(text)")
            first.interrupt()
            #expect(await status(of: first) == 0)
        }
    }
}
