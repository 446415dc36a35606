import FoundationEssentials
import MartletCommands
import MartletORM
import MartletSite
import Synchronization
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

    @Test func `a backup while others write is a whole database, as it was at one moment`() async throws {
        let site = try CommandSite()
        #expect(await site.manage("migrate").status == 0)
        _ = try await site.use {
            try await Author.objects.createMany((0..<2_000).map { Author(name: "\($0)", motto: "old") })
        }
        let isCopied = Flag()
        let written = Task {
            try await site.use {
                var count = 0
                // From before the copy until after it, two rows at a time.
                repeat {
                    let number = 2_000 + 2 * count
                    try await transaction {
                        try await Author.objects.create(Author(name: "\(number)", motto: "new"))
                        try await Author.objects.create(Author(name: "\(number + 1)", motto: "new"))
                    }
                    count += 1
                } while !isCopied.isSet
                return count
            }
        }
        let result = await site.manage("backup", "copy.sqlite3")
        isCopied.set()
        let pairs = try await written.value
        #expect(result.status == 0, "\(result.errors)")
        let copy = try CommandSite(databaseURL: "sqlite:///\(site.folder.path)/copy.sqlite3")
        let names = try await copy.use {
            let answer = try await Database.current.raw("PRAGMA integrity_check", as: String.self)
            #expect(answer == ["ok"])
            return try await Author.objects.order { $0.id }.all().map(\.name)
        }
        // No half of a transaction, and nothing before its time.
        #expect(names.count >= 2_000 && names.count.isMultiple(of: 2) && names.count <= 2_000 + 2 * pairs)
        #expect(names == (0..<names.count).map { "\($0)" })
        #expect(try await site.use { try await Author.objects.count() } == 2_000 + 2 * pairs)
        #expect(await copy.manage("check", "--database").status == 0)
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

/// Something that has happened.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
