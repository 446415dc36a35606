import Foundation
import Martlet
import Testing

/// The commands whose process becomes another program: `dbshell` and `test`, with stubs in that program's place.
@Suite(.timeLimit(.minutes(1))) struct ProgramCallTests {
    /// The program beside the tests.
    private static let manage = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("manage")

    /// Says how it was called: its name, its folder, the password it was given, and each word on a line of its own.
    private static let stub = """
        #!/bin/sh
        echo "$(basename "$0") in $(pwd) with password ${PGPASSWORD-none}"
        for word in "$@"; do echo "<$word>"; done
        exit 7
        """

    /// Runs a command where only the stubs of these names are found.
    private func call(_ line: [String], stubs: [String], database: String) async throws -> (
        status: Int32, output: String
    ) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // By a process of its own: a file that another test's child still holds open for writing cannot be run.
        for name in stubs { try await write(folder.appendingPathComponent(name)) }
        let process = Process()
        process.executableURL = Self.manage
        process.arguments = line
        process.currentDirectoryURL = URL(fileURLWithPath: blogFolder)
        // The stubs need the shell's own programs; psql, sqlite3 and swift are looked for among the stubs first.
        let path = stubs.isEmpty ? folder.path : "\(folder.path):/usr/bin:/bin"
        process.environment = ["DEBUG": "true", "DATABASE_URL": database, "PATH": path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return await end(of: process, output)
    }

    private func write(_ stub: URL) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", #"printf '%s' "$1" > "$2" && chmod 755 "$2""#, "sh", Self.stub, stub.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        #expect(await end(of: process, output).status == 0)
    }

    /// Waits for the end without keeping a thread of the tests.
    private func end(of process: Process, _ output: Pipe) async -> (status: Int32, output: String) {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "wait").async {
                let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                continuation.resume(returning: (process.terminationStatus, text))
            }
        }
    }

    @Test func `dbshell becomes psql, which reads the password from its environment`() async throws {
        let result = try await call(
            ["dbshell", "--", "-c", "SELECT '\"; DROP TABLE x; -- $HOME'"], stubs: ["psql"],
            database: "postgresql://ann:p%40ss@db:5433/blog")
        #expect(result.status == 7, "the status is the program's")
        #expect(result.output.hasPrefix("psql in \(blogFolder)"))
        #expect(result.output.contains("with password p@ss\n<postgresql://ann@db:5433/blog>\n<-c>\n"))
        #expect(result.output.hasSuffix("<SELECT '\"; DROP TABLE x; -- $HOME'>\n"))
    }

    @Test func `dbshell becomes sqlite3 with the file`() async throws {
        let result = try await call(["dbshell"], stubs: ["sqlite3"], database: "sqlite:////data/a%20b.sqlite3")
        #expect(result.status == 7)
        #expect(result.output.hasSuffix("with password none\n</data/a b.sqlite3>\n"), "\(result.output)")
    }

    @Test func `test becomes swift test with filters, and hands the rest on`() async throws {
        let result = try await call(
            ["test", "BlogTests.PageTests", "API", "--", "--parallel"], stubs: ["swift"],
            database: "sqlite:///a.sqlite3")
        #expect(result.status == 7)
        #expect(result.output.hasPrefix("swift in \(blogFolder)"))
        #expect(
            result.output.hasSuffix("<test>\n<--filter>\n<BlogTests.PageTests>\n<--filter>\n<API>\n<--parallel>\n"),
            "\(result.output)")
    }

    @Test(arguments: [
        (["dbshell"], "postgresql://ann@db/blog", "'psql' cannot be started"),
        (["dbshell"], "sqlite:///a.sqlite3", "'sqlite3' cannot be started"),
        (["test"], "sqlite:///a.sqlite3", "'swift' cannot be started"),
    ])
    func `a program that is not installed is named`(_ line: [String], _ database: String, _ problem: String)
        async throws
    {
        let result = try await call(line, stubs: [], database: database)
        #expect(result.status == 1)
        #expect(result.output.contains(problem), "\(result.output)")
    }
}
