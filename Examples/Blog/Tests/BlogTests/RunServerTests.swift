import Foundation
import Martlet
import MartletTesting
import Testing

/// `manage runserver` in a folder whose build is a script, so that it takes no time.
@Suite(.timeLimit(.minutes(1))) struct RunServerTests {
    /// The built program, the folder it works in, and what it says.
    private final class DevelopmentRun {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        private let process = Process()
        private let output = Pipe()
        private var text = ""

        init() throws {
            try write("Package.swift", "")
            try write("Sources/App/a.swift", "fine")
            // Fails with what the sources say where that is an error.
            try write("build.sh", "cat Sources/*/*.swift; ! grep -q error: Sources/*/*.swift")
            process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
                .deletingLastPathComponent().appendingPathComponent("manage")
            process.arguments = ["runserver", "--build-command", "sh build.sh"]
            process.currentDirectoryURL = folder
            process.environment = ["DEBUG": "true", "HOST": "127.0.0.1", "PORT": "0", "PATH": "/usr/bin:/bin"]
            process.standardOutput = output
            process.standardError = output
            try process.run()
        }

        deinit {
            if process.isRunning { process.terminate() }
            try? FileManager.default.removeItem(at: folder)
        }

        func write(_ path: String, _ text: String) throws {
            let file = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }

        /// Takes what the program says, up to and with a part.
        @discardableResult
        func wait(for part: String) throws -> String {
            while true {
                if let range = text.range(of: part) {
                    defer { text.removeSubrange(..<range.upperBound) }
                    return String(text[..<range.upperBound])
                }
                let data = output.fileHandleForReading.availableData
                try #require(!data.isEmpty, "the program ended: \(text)")
                text += String(decoding: data, as: UTF8.self)
            }
        }

        func port() throws -> Int {
            let line = try wait(for: " (Ctrl-C stops).")
            return try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
        }

        /// Asks for a page until it holds a text: the server hears of a build a moment after the terminal.
        func page(at port: Int, until part: String) async throws -> String {
            while true {
                let answer = try await LiveServer.send(
                    "GET /nowhere/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
                    port: port)
                if answer.contains(part) { return answer }
            }
        }

        func interrupt() async -> Int32 {
            process.interrupt()
            return await withCheckedContinuation { continuation in
                DispatchQueue(label: "wait").async { [process] in
                    process.waitUntilExit()
                    continuation.resume(returning: process.terminationStatus)
                }
            }
        }
    }

    @Test func `a build that fails is shown while the old version goes on, and one that does not restarts it`()
        async throws
    {
        let run = try DevelopmentRun()
        let port = try run.port()
        try run.write("Sources/App/a.swift", "a.swift:1:1: error: <b>no</b> such thing\n")
        let told = try run.wait(for: "the last version goes on.")
        #expect(told.contains("a.swift:1:1: error: <b>no</b> such thing"))
        let failed = try await run.page(at: port, until: "The build failed")
        #expect(failed.contains("a.swift:1:1: error: &lt;b&gt;no&lt;/b&gt; such thing"))
        // The page itself is there, too.
        #expect(failed.hasPrefix("HTTP/1.1 404 ") && failed.contains("/nowhere/"))

        try run.write("Sources/App/a.swift", "fine again\n")
        try run.wait(for: "restarting.")
        let page = try await run.page(at: try run.port(), until: "/nowhere/")
        #expect(!page.contains("The build failed"))
        #expect(await run.interrupt() == 0)
    }

    @Test func `a file in a new folder counts, and one that an editor keeps does not`() async throws {
        let run = try DevelopmentRun()
        _ = try run.port()
        try run.write("Sources/App/.a.swift.swp", "x")
        try run.write("Sources/App/a.swift~", "x")
        try run.write("notes.txt", "x")
        try run.write("Sources/New/Deep/b.swift", "new")
        try run.write("Sources/New/c.swift", "c.swift:1:1: error: told once\n")
        let told = try run.wait(for: "the last version goes on.")
        #expect(told.contains("told once"))
        #expect(await run.interrupt() == 0)
    }
}
