import Foundation
import Glibc
import MartletMigrations
import MartletORM
import TestPrograms
import Testing

/// Files that cannot be written: the error says which, why, and what to do, and all is as it was.
@Suite struct WriterFaultTests {
    private static let index = "import Martlet\n\nlet blogMigrations = Migrations(app: \"blog\", [])\n"

    /// The app `blog` with its index in a folder, and the first migration to be written.
    private func attempt(_ folder: String) async throws -> (drafts: [MigrationDraft], graph: MigrationGraph) {
        let graph = try MigrationGraph([Migrations(app: "blog", [], file: "\(folder)/Migrations.swift")])
        return (try await MigrationAutodetector(graph, schemas: [Sample.tag]).changes(), graph)
    }

    private func error(_ folder: String, in graph: MigrationGraph, _ drafts: [MigrationDraft]) throws -> MigrationError
    {
        try #require(throws: MigrationError.self) { try MigrationWriter().write(drafts, in: graph) }
    }

    private func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func `a folder that is not there is told, and not made`() async throws {
        let folder = try TemporaryFolder()
        let (drafts, graph) = try await attempt(folder.file("gone"))
        let error = try error(folder.path, in: graph, drafts)
        #expect(error.kind == .file)
        #expect("\(error)".contains("No such file or directory") && !"\(error)".contains("CocoaError"), "\(error)")
        #expect("\(error)".contains("'\(folder.file("gone"))/Migrations.swift' cannot be read"))
        #expect(try names(in: folder.path) == [])
    }

    @Test func `a file in the place of the folder is told`() async throws {
        let folder = try TemporaryFolder()
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.file("app")))
        let (drafts, graph) = try await attempt(folder.file("app"))
        let error = try error(folder.path, in: graph, drafts)
        #expect("\(error)".contains("Not a directory") && !"\(error)".contains("CocoaError"), "\(error)")
        #expect(FileManager.default.contents(atPath: folder.file("app")) == Data("mine".utf8))
    }

    @Test func `rewriting a migration where a folder has its name is told, and the folder stays`() async throws {
        let folder = try TemporaryFolder()
        let (drafts, graph) = try await attempt(folder.path)
        let path = folder.file("0001_initial.swift")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(path)/mine"))
        let error = try #require(throws: MigrationError.self) { try MigrationWriter().rewrite(drafts[0], in: graph) }
        #expect(error.problem == "The file '\(path)' cannot be written.")
        #expect(!"\(error)".contains("CocoaError"), "\(error)")
        #expect(try names(in: folder.path) == ["0001_initial.swift"] && names(in: path) == ["mine"])
    }

    @Test func `what was written before the file that cannot be is taken back`() async throws {
        let folder = try TemporaryFolder()
        let apps = try ["blog", "shop"].map { app in
            try FileManager.default.createDirectory(atPath: folder.file(app), withIntermediateDirectories: false)
            let file = folder.file("\(app)/Migrations.swift")
            try Data(Self.index.replacing("blog", with: app).utf8).write(to: URL(fileURLWithPath: file))
            return Migrations(app: app, [], file: file)
        }
        // No file system has a place for this name; the other app's files come before it.
        let drafts = [("blog", "0001_initial"), ("shop", "0001_" + String(repeating: "x", count: 300))].map {
            MigrationDraft(app: $0, migration: Migration($1) { CreateModel("Tag", fields: Sample.tag.fields) })
        }
        let error = try error(folder.path, in: MigrationGraph(apps), drafts)
        #expect(error.problem.contains("'\(folder.path)/shop/0001_xxx"), "\(error)")
        #expect("\(error)".contains("File name too long") && !"\(error)".contains("CocoaError"), "\(error)")
        for app in ["blog", "shop"] {
            #expect(try names(in: folder.file(app)) == ["Migrations.swift"], "no migration, and nothing half written")
            #expect(
                FileManager.default.contents(atPath: folder.file("\(app)/Migrations.swift"))
                    == Data(Self.index.replacing("blog", with: app).utf8))
        }
    }

    /// A file system of 16 KiB, which other files fill.
    @Test func `a full disk is told, and holds what it held`() async throws {
        let folder = try TemporaryFolder()
        guard mount("martlet", folder.path, "tmpfs", 0, "size=16k") == 0 else {
            try Test.notRun("this user may not mount a file system")
        }
        defer { umount(folder.path) }
        try Data(Self.index.utf8).write(to: URL(fileURLWithPath: folder.file("Migrations.swift")))
        let (drafts, graph) = try await attempt(folder.path)
        var rest = 0
        while FileManager.default.createFile(atPath: folder.file("filler\(rest)"), contents: Data(count: 4096)),
            FileManager.default.contents(atPath: folder.file("filler\(rest)"))?.count == 4096
        {
            rest += 1
        }
        let before = try names(in: folder.path)
        let error = try error(folder.path, in: graph, drafts)
        #expect("\(error)".contains("No space left on device") && "\(error)".contains("Make room"), "\(error)")
        #expect(try names(in: folder.path) == before)
        #expect(FileManager.default.contents(atPath: folder.file("Migrations.swift")) == Data(Self.index.utf8))
    }
}
