import Foundation
import MartletScaffold
import TestPrograms
import Testing

/// The program `martlet`, as it is called.
@Suite struct MartletProgramTests {
    /// The program beside the tests.
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("martlet").path

    private func martlet(_ line: [String]) async throws -> Program.Result {
        try await Program.run(Self.program, line)
    }

    @Test(
        arguments: [
            (["startprojekt", "x"], "There is no command 'startprojekt'. Did you mean 'startproject'?"),
            (["start"], "There is no command 'start'. Did you mean 'startapp'?"),
            (["frobnicate"], "There is no command 'frobnicate'.\n"),
            (["--versoin"], "There is no command '--versoin'. Did you mean '--version'?"),
            (["startproject", "x", "--ap"], "There is no option '--ap'. Did you mean '--api'?"),
            (["startproject", "x", "--martlett=/m"], "There is no option '--martlett=/m'. Did you mean '--martlet'?"),
            (["startproject", "x", "--'; DROP"], "There is no option '--'; DROP'.\n"),
            (["startproject"], "startproject: the project's name is missing."),
            (["startproject", "x", "y", "z"], "'z' is one word too many."),
        ] as [([String], String)])
    func `what is not understood is told with its nearest neighbour, and ends with status 2`(
        _ line: [String], _ problem: String
    ) async throws {
        let result = try await martlet(line)
        #expect(result.status == 2)
        #expect(result.output.hasPrefix("martlet: \(problem)"), "\(result.output)")
        #expect(result.output.contains("Usage: martlet startproject NAME"))
    }

    @Test(arguments: [["--version"], ["version"]]) func `the version is a number`(_ line: [String]) async throws {
        let result = try await martlet(line)
        #expect(result.status == 0)
        #expect(result.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(result.output)")
    }

    @Test(arguments: [[], ["help"], ["--help"], ["startproject", "--help"], ["startapp", "-h"]])
    func `help writes nothing but the usage`(_ line: [String]) async throws {
        let result = try await martlet(line)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("Usage: martlet startproject NAME"))
    }

    /// The place of Martlet, which may be unknown as well, is not asked for before the name is right.
    @Test(arguments: ["1x", "a b", "../x", "class", "x\"; DROP"])
    func `a name that cannot be is refused before anything else`(_ name: String) async throws {
        let lost = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: lost, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: lost) }
        // A copy in a folder from where no framework is found.
        let copy = lost.appendingPathComponent("martlet").path
        // By a process of its own: a file that another test's child still holds open for writing cannot be run.
        #expect(try await Program.run("cp", [Self.program, copy]).status == 0)
        let result = try await Program.run(copy, ["startproject", name, lost.appendingPathComponent("site").path])
        #expect(result.status == 1)
        #expect(result.output.hasPrefix("martlet: '\(name)' "), "\(result.output)")
        #expect(!result.output.contains("Where is Martlet?"))
        #expect(!FileManager.default.fileExists(atPath: lost.appendingPathComponent("site").path))
        let placeless = try await Program.run(copy, ["startproject", "fine", lost.appendingPathComponent("site").path])
        #expect(placeless.output.hasPrefix("martlet: Where is Martlet?"))
    }
}
