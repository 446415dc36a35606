import FoundationEssentials
import MartletCommands
import MartletMigrations
import MartletORM
import MartletSite
import Testing

@Suite struct CheckDatabaseTests {
    /// A site on PostgreSQL whose next migration reads and writes all rows of a table that has some.
    private func waiting(_ silenced: [String: String] = [:]) async throws -> (CommandSite, Site) {
        let place = try await CommandDatabase.postgreSQL.makeSite()
        #expect(await place.manage("migrate").status == 0)
        _ = try await place.use { try await Author.objects.create(Author(name: "Ann")) }
        var site = place.site
        let first = site.apps[0]
        let later = Migration("0002_later", dependencies: ["desk.0001_initial"]) {
            RunSQL("ALTER TABLE desk_author ALTER COLUMN motto SET NOT NULL", reverse: .nothing)
            RunSQL("ALTER TABLE desk_author ALTER COLUMN name TYPE varchar(5)", reverse: .nothing)
            RunSQL("ALTER TABLE desk_author ADD COLUMN note text NOT NULL DEFAULT 'x'", reverse: .nothing)
        }
        let list = (first.migrations?.list ?? []) + [later]
        let migrations = Migrations(app: "desk", list, file: first.migrations?.file ?? "")
        site.apps = [App("desk", models: first.models, migrations: migrations, hasConventions: false)]
        site.silenced = silenced
        return (place, site)
    }

    @Test func `what keeps others waiting is told once, by its own id, with a safer way`() async throws {
        let (place, site) = try await waiting()
        let result = await place.manage(["check", "--database", "--large-table", "0"], of: site)
        let lines = result.output.split(separator: "\n").filter { $0.contains("migrations.W01") }
        #expect(lines.count == 2, "\(result.output)\(result.errors)")
        #expect(lines.filter { $0.contains("migrations.W010") && $0.contains("Add a second field") }.count == 1)
        #expect(lines.filter { $0.contains("migrations.W011") && $0.contains("AddConstraintNotValid") }.count == 1)
        #expect(!result.output.contains("migrations.W002"))
        #expect(lines.allSatisfy { $0.components(of: "migrations.W0") == 2 })
        let usual = await place.manage(["check", "--database"], of: site)
        #expect(!usual.output.contains("migrations.W01"), "a table of one row is not large")
        for (size, problem) in [("big", "'big'; expected is a whole number"), ("-1", "'-1' is no size")] {
            let wrong = await place.manage(["check", "--database", "--large-table=\(size)"], of: site)
            #expect(wrong.status == 2)
            #expect(wrong.errors.contains(problem), "\(wrong.errors)")
        }
    }

    @Test func `each of the warnings is silenced by its own id`() async throws {
        let (place, site) = try await waiting(["migrations.W011": "The table is small."])
        let result = await place.manage(["check", "--database", "--large-table", "0"], of: site)
        #expect(result.output.contains("migrations.W010"), "\(result.output)\(result.errors)")
        #expect(!result.output.contains("migrations.W011"))
        #expect(result.output.contains("(1 silenced)"))
    }

    @Test(arguments: CommandDatabase.allCases)
    func `a database is looked through without what a server needs`(_ database: CommandDatabase) async throws {
        let place = try await database.makeSite()
        #expect(await place.manage("migrate").status == 0)
        // Without DEBUG a server must have SECRET_KEY.
        let environment = Environment(["DATABASE_URL": place.databaseURL])
        let result = await CommandSite.manage(
            ["check", "--database", "--tag", "models"], of: place.site, in: environment)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
}

extension Substring {
    /// The parts between the places where a text stands.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count + 1 }
}
