import Foundation
import MartletScaffold
import TestPrograms
import Testing

/// Projects and apps that cannot be written as a whole are not written at all.
@Suite struct WritingFaultTests {
    private func names(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    }

    private let project = Result {
        try ProjectScaffold("mysite", framework: .path("../martlet"), secretKey: "k")
    }

    @Test(arguments: ["nginx", "Tests", "Sources/Home", "Sources"])
    func `a file in the place of a folder is told in the system's words, and nothing is left`(_ place: String) throws {
        let folder = try TemporaryFolder()
        let parent = URL(fileURLWithPath: folder.file(place)).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.file(place)))
        let before = try names(below: folder.path)
        let error = try #require(throws: ScaffoldError.self) { try project.get().write(to: folder.path) }
        #expect("\(error)".contains("Not a directory") && !"\(error)".contains("CocoaError"), "\(error)")
        #expect(try names(below: folder.path) == before)
        #expect(FileManager.default.contents(atPath: folder.file(place)) == Data("mine".utf8))
    }

    @Test func `a folder that cannot be made leaves none of those above it`() throws {
        let folder = try TemporaryFolder()
        let deep = folder.file("a/b/" + String(repeating: "x", count: 300))
        let error = try #require(throws: ScaffoldError.self) { try project.get().write(to: deep) }
        #expect("\(error)".contains("File name too long"), "\(error)")
        #expect(try names(below: folder.path) == [])
    }

    @Test func `a disk that becomes full is told, and nothing is left`() throws {
        let folder = try TemporaryFolder()
        guard mount("martlet", folder.path, "tmpfs", 0, "size=32k") == 0 else {
            try Test.notRun("this user may not mount a file system")
        }
        defer { umount(folder.path) }
        let error = try #require(throws: ScaffoldError.self) { try project.get().write(to: folder.path) }
        #expect("\(error)".contains("No space left on device"), "\(error)")
        #expect(try names(below: folder.path) == [])
    }
}
