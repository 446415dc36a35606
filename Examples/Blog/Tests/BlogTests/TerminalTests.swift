import Foundation
import Martlet
import MartletTesting
import Testing

/// Colors by the rules of https://no-color.org: for a terminal, unless `NO_COLOR` is there and not empty.
@Suite(.timeLimit(.minutes(2))) struct TerminalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reader: TerminalProgram.Reader
        let variables: [String: String]
        let hasColors: Bool
        var options: [String] = []
    }

    static let cases = [
        Case(testDescription: "a terminal", reader: .terminal, variables: [:], hasColors: true),
        Case(testDescription: "NO_COLOR=1", reader: .terminal, variables: ["NO_COLOR": "1"], hasColors: false),
        Case(testDescription: "NO_COLOR=0", reader: .terminal, variables: ["NO_COLOR": "0"], hasColors: false),
        Case(testDescription: "an empty NO_COLOR", reader: .terminal, variables: ["NO_COLOR": ""], hasColors: true),
        Case(testDescription: "TERM=dumb", reader: .terminal, variables: ["TERM": "dumb"], hasColors: false),
        Case(testDescription: "a pipe", reader: .pipe, variables: [:], hasColors: false),
        Case(testDescription: "a pipe and NO_COLOR=1", reader: .pipe, variables: ["NO_COLOR": "1"], hasColors: false),
    ]

    private func withFolder(_ operation: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("Sources/App"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await operation(folder)
    }

    private func variables(_ example: Case, _ folder: URL) -> [String: String] {
        ["DEBUG": "true", "DATABASE_URL": "sqlite:///\(folder.path)/blog.sqlite3"].merging(example.variables) { $1 }
    }

    private let escape = "\u{1B}["

    @Test(arguments: cases)
    func `runserver's messages and its log of requests are in color where they may be`(_ example: Case) async throws {
        try await withFolder { folder in
            try Data().write(to: folder.appendingPathComponent("Package.swift"))
            let server = try TerminalProgram(
                ["runserver", "--build-command", "true"], on: example.reader, variables(example, folder), in: folder)
            let start = try server.wait(for: " (Ctrl-C stops).")
            let port = try #require(start.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
            _ = try await LiveServer.send(
                "GET /nowhere/?q=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", port: port)
            _ = try server.wait(for: "request_finished")
            let log = try server.wait(for: "/nowhere/")
            #expect(log.contains(escape) == example.hasColors, "\(log)")
            try Data("x".utf8).write(to: folder.appendingPathComponent("Sources/App/a.swift"))
            let built = try server.wait(for: "restarting.")
            #expect(built.contains("\(escape)2mSources have changed") == example.hasColors, "\(built)")
            #expect(built.contains("\(escape)32mBuilt in") == example.hasColors, "\(built)")
            _ = try server.wait(for: " (Ctrl-C stops).")
            server.interrupt()
            let end = server.rest()
            #expect(example.hasColors || !(start + log + built + end).contains("\u{1B}"), "\(end)")
            #expect(await server.status() == 0)
        }
    }

    /// Command lines that tell much; the last ones fail, each in a way of its own.
    private static let lines = [
        ["help"], ["version"], ["migrate", "--plan"], ["migrate"], ["showmigrations"], ["makemigrations", "--check"],
        ["sqlmigrate", "blog", "0001"], ["migrate", "--plan", "--explain"], ["check"], ["check", "--deploy"],
        ["showurls"], ["settings"], ["env-example", "-"], ["diagnose"], ["graphmodels"], ["inspectdb"], ["dumpdata"],
        ["query", "SELECT 1"], ["findstatic", "blog/favicon.svg"], ["sqlflush"], ["completion", "bash"],
        ["loaddata", "nowhere.json"], ["migrat"], ["migrate", "--nothing"], ["migrate", "nobody"],
    ]

    @Test func `no command writes colors where they are refused, and what fails is red where they are not`()
        async throws
    {
        try await withFolder { folder in
            for example in Self.cases {
                for line in Self.lines {
                    let program = try TerminalProgram(
                        line, on: example.reader, variables(example, folder), in: URL(fileURLWithPath: blogFolder))
                    let text = program.rest()
                    let status = await program.status()
                    #expect(!text.isEmpty, "\(line)")
                    if !example.hasColors {
                        #expect(!text.contains("\u{1B}"), "\(line) with \(example.testDescription): \(text)")
                    } else if status != 0, text.contains("manage") {
                        #expect(text.contains("\(escape)31mmanage"), "\(line) with \(example.testDescription): \(text)")
                    }
                }
            }
        }
    }

    @Test func `an option decides against the terminal, and for a pipe`() async throws {
        try await withFolder { folder in
            let terminal = Self.cases[0]
            let pipe = Self.cases[5]
            for (example, option, hasColors) in [(terminal, "--no-color", false), (pipe, "--force-color", true)] {
                let program = try TerminalProgram(
                    ["loaddata", "nowhere.json", option], on: example.reader, variables(example, folder), in: folder)
                #expect(program.rest().contains("\(escape)31mmanage loaddata") == hasColors, "\(option)")
                #expect(await program.status() == 1)
            }
        }
    }
}
