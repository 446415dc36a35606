import FoundationEssentials
import MartletORM
import MartletSite
import TestPrograms
import Testing

/// The models that `inspectdb` writes for a real Django project's database: `InspectedModels.swift` is what it has
/// written, and is compiled with these tests.
@Suite struct InspectDBTests {
    private static let models: [any Model.Type] = [
        AuthGroup.self, AuthGroupPermissions.self, AuthPermission.self, AuthUser.self, AuthUserGroups.self,
        AuthUserUserPermissions.self, DjangoContentType.self, DjangoMigrations.self, DjangoSession.self,
        VaultKeyword.self, VaultRecord.self, VaultRecordKeywords.self,
    ]

    private static let written = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("InspectedModels.swift")

    /// A site on the database of the Django project.
    private func manage(_ line: [String], _ project: DjangoProject) async throws -> CommandResult {
        let place = try CommandSite()
        var site = place.site
        site.apps = [App("legacy", models: Self.models)]
        return await place.manage(line, of: site, environment: ["DATABASE_URL": "sqlite:///\(project.file)"])
    }

    @Test func `the models of a Django project's database compile, and read every row`() async throws {
        try await DjangoProject.with { project in
            _ = try await project.run(DjangoProject.rows)
            let result = try await manage(["inspectdb"], project)
            #expect(result.errors == "")
            let text = FileManager.default.contents(atPath: Self.written.path).map {
                String(decoding: $0, as: UTF8.self)
            }
            if text != result.output, let path = ProcessInfo.processInfo.environment["MARTLET_WRITE_INSPECTED"] {
                try Data(result.output.utf8).write(to: URL(fileURLWithPath: path))
            }
            #expect(text == result.output, "what is compiled here is what the command writes")
            // Reading and writing again goes through every field of every model.
            let dump = try await manage(["dumpdata"], project)
            #expect(dump.errors == "")
            let rows = dump.output.split(separator: "\n").count - 2
            let count = try await project.run(
                """
                from django.db import connection
                with connection.cursor() as cursor:
                    names = [n for n in connection.introspection.table_names() if not n.startswith('sqlite')]
                    total = 0
                    for name in names:
                        cursor.execute('SELECT count(*) FROM "%s"' % name)
                        total += cursor.fetchone()[0]
                print(total)
                """)
            #expect("\(rows)\n" == count)
        }
    }

    @Test func `tables are chosen by their names, and one that is not there is told`() async throws {
        try await DjangoProject.with { project in
            let one = try await manage(["inspectdb", "vault_keyword", "--app", "vault"], project)
            #expect(one.output.contains("struct VaultKeyword: Model {"))
            #expect(one.output.contains(#"static let appLabel = "vault""#))
            #expect(!one.output.contains("AuthUser"))
            let none = try await manage(["inspectdb", "'; DROP TABLE vault_keyword"], project)
            #expect(none.status == 1)
            #expect(none.errors.contains("There is no table ''; DROP TABLE vault_keyword'"))
            #expect(try await manage(["inspectdb", "--app", "No App"], project).status == 2)
        }
    }

    @Test(arguments: CommandDatabase.allCases)
    func `a column that the database computes is no field that could be written`(
        _ database: CommandDatabase
    ) async throws {
        let place = try await database.makeSite()
        try await place.use {
            _ = try await Database.current.execute(
                Statement(
                    #"CREATE TABLE "box" ("id" bigint PRIMARY KEY, "w" integer NOT NULL, "#
                        + #""twice" integer GENERATED ALWAYS AS ("w" * 2) STORED)"#))
        }
        let output = await place.manage("inspectdb", "box").output
        #expect(
            output.contains(
                "    // The column \"twice\" is computed by the database, which takes no value for it: give it a field with "
                    + "`.generated { … }`."), "\(output)")
        #expect(!output.contains("var twice"))
        #expect(!output.contains("\\.twice"))
        #expect(output.contains("var w: Int = 0"))
    }

    @Test func `names that Swift does not allow become others, and what has no field is told`() async throws {
        let place = try CommandSite()
        let statements = [
            #"CREATE TABLE "2 odd-""names"" " ("class" integer PRIMARY KEY, "self" text, "a b" text, "a_b" text, "#
                + #""ä" text, "" text)"#,
            #"CREATE TABLE "data" ("code" varchar(9) NOT NULL PRIMARY KEY, "shape" geometry, "#
                + #""n" integer CHECK ("n" >= 0))"#,
            #"CREATE TABLE "pair" ("a" integer, "b" integer, PRIMARY KEY ("a", "b"))"#,
            #"CREATE VIEW "some" AS SELECT 1 AS "id""#,
        ]
        try await place.use {
            for sql in statements { _ = try await Database.current.execute(Statement(sql)) }
        }
        let output = await place.manage("inspectdb").output
        #expect(
            output == #"""
                import Foundation
                import Martlet

                // Written by `manage inspectdb`. Look through it, and give names and kinds that say more.

                /// The table `2 odd-"names" `.
                struct Table2OddNames: Model {
                    var id: Int = 0
                    var selfValue: String?
                    var aB: String?
                    var aB2: String?
                    var column: String?
                    var column2: String?

                    static let appLabel = "legacy"
                    static let table = Table<Table2OddNames>(
                        .auto(\.id, column: "class"),
                        .text(\.selfValue, column: "self"),
                        .text(\.aB, column: "a b"),
                        .text(\.aB2, column: "a_b"),
                        .text(\.column, column: "ä"),
                        .text(\.column2, column: ""),
                        name: "2 odd-\"names\" ",
                        managed: false
                    )
                }

                /// The table `data`.
                struct DataRow: Model {
                    var id: String = ""
                    var n: Int?
                    // The column "shape" has the type "geometry", which no field stores.

                    static let appLabel = "legacy"
                    static let table = Table<DataRow>(
                        .char(\.id, maxLength: 9, primaryKey: true, column: "code"),
                        .positiveInteger(\.n),
                        name: "data",
                        managed: false
                    )
                }

                // The table "pair" has no model: it has no primary key of one column that can be one.

                """#)
        #expect(await place.manage("inspectdb", "--include-views").output.contains("\"some\""))
    }
}
