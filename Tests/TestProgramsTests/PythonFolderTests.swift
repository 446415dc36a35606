import Foundation
import TestPrograms
import Testing

@Suite struct PythonFolderTests {
    @Test func `an environment that was not finished is made anew, and a finished one is kept`() async throws {
        // Without its module `venv` there is nothing to try; this cancels the test with a visible line.
        _ = try await PythonEnvironment("pip")
        let folder = try TemporaryFolder()
        let python = PythonFolder(root: folder.path, [])
        let leftover = "\(python.path)/leftover"
        try FileManager.default.createDirectory(atPath: "\(python.path)/bin", withIntermediateDirectories: true)
        #expect(FileManager.default.createFile(atPath: leftover, contents: nil))

        let program = try python.program()
        #expect(!FileManager.default.fileExists(atPath: leftover))
        #expect(try await Program.run(program, ["-c", "import sys; print(sys.prefix)"]).output == "\(python.path)\n")

        #expect(FileManager.default.createFile(atPath: leftover, contents: nil))
        #expect(try python.program() == program)
        #expect(FileManager.default.fileExists(atPath: leftover))
    }

    @Test func `those that want the same environment at once get one`() async throws {
        let programs = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 { group.addTask { try await PythonEnvironment("pip").program } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(programs.count == 1)
    }
}
