import MartletCommands
import MartletMigrations
import MartletORM
import MartletSite
import Testing

@Suite struct SQLMigrateTests {
    private func result(_ database: CommandDatabase, _ line: [String]) async throws -> CommandResult {
        let place = try await database.makeSite()
        var site = place.site
        let first = site.apps[0]
        let list =
            (first.migrations?.list ?? []) + [
                Migration("0002_note", dependencies: ["desk.0001_initial"]) {
                    AddField("Author", .init("note", .text, null: true))
                    RunSQL("UPDATE desk_author SET note = ''", reverse: .irreversible)
                },
                Migration("0003_index", dependencies: ["desk.0002_note"]) {
                    AddIndex("Author", .init(name: "author_motto", fields: ["motto"]))
                },
            ]
        site.apps = [App("desk", models: first.models, migrations: Migrations(app: "desk", list))]
        return await place.manage(["sqlmigrate"] + line, of: site)
    }

    @Test(arguments: CommandDatabase.allCases)
    func `the SQL of a migration is printed both ways, and not run`(_ database: CommandDatabase) async throws {
        let there = try await result(database, ["desk", "0003"])
        #expect(there.status == 0, "\(there.errors)")
        #expect(there.output.contains(#"CREATE INDEX "author_motto" ON "desk_author" ("motto");"#), "\(there.output)")
        #expect(there.output.hasPrefix("BEGIN;\n") && there.output.hasSuffix("COMMIT;"))
        let back = try await result(database, ["desk", "0003", "--backwards"])
        #expect(back.status == 0, "\(back.errors)")
        #expect(back.output.contains(#""author_motto""#) && back.output.contains("DROP INDEX"), "\(back.output)")
        #expect(!back.output.contains("CREATE INDEX"))
    }

    @Test(
        arguments: [
            (["desk"], 2, "MIGRATION is missing"), ([], 2, "APP is missing"),
            (["desk", "0009"], 1, "0009"), (["nobody", "0001"], 1, "nobody"), (["desk", "'; DROP TABLE x"], 1, "DROP"),
        ] as [([String], Int32, String)])
    func `what makes no sense is refused`(_ line: [String], _ status: Int32, _ problem: String) async throws {
        let result = try await result(.sqlite, line)
        #expect(result.status == status)
        #expect(result.errors.contains(problem), "\(result.errors)")
    }

    @Test func `what cannot be undone has no SQL back`() async throws {
        let result = try await result(.sqlite, ["desk", "0002", "--backwards"])
        #expect(result.status == 1, "\(result.output)")
        #expect(result.errors.contains("0002_note"), "\(result.errors)")
    }
}
