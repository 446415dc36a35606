import FoundationEssentials
import MartletCommands
import MartletORM
import MartletSite
import Testing

/// `manage backup`, and `manage check --database`.
@Suite struct BackupCommandTests {
    @Test func `a backup can take the place of the database`() async throws {
        let site = try CommandSite()
        #expect(await site.manage("migrate").status == 0)
        try await site.use { _ = try await Author.objects.create(Author(name: "Ann")) }
        let result = await site.manage("backup", "copy.sqlite3")
        #expect(result.status == 0)
        #expect(result.output == "Copied the database to copy.sqlite3.")
        try await site.use { _ = try await Author.objects.create(Author(name: "Bob")) }
        let again = await site.manage("backup", "copy.sqlite3")
        #expect(again.status == 1)
        #expect(again.errors.contains("exists already, and is not replaced"))
        for name in ["desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm"] {
            try? FileManager.default.removeItem(at: site.folder.appendingPathComponent(name))
        }
        try FileManager.default.moveItem(
            at: site.folder.appendingPathComponent("copy.sqlite3"),
            to: site.folder.appendingPathComponent("desk.sqlite3"))
        let names = try await site.use { try await Author.objects.all().map(\.name) }
        #expect(names == ["Ann"])
    }

    @Test func `a backup needs one name`() async throws {
        let site = try CommandSite()
        #expect(await site.manage("backup").status == 2)
        #expect(await site.manage("backup", "a", "b").status == 2)
    }

    @Test func `the check of a database finds values that no field holds`() async throws {
        let site = try CommandSite()
        #expect(await site.manage("migrate").status == 0)
        #expect(await site.manage("check", "--database").status == 0)
        try await site.use {
            try await Author.objects.create(Author(name: "Ann"))
            try await Database.current.execute(Statement("UPDATE desk_author SET motto = x'00'"))
        }
        #expect(await site.manage("check").status == 0)
        let result = await site.manage("check", "--database")
        #expect(result.status == 1)
        #expect(
            result.output.contains(
                "error database.E001: 1 row of desk_author has blob in the column motto, which holds text. Correct them."
            ))
    }
}
