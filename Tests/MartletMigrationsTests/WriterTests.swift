import Foundation
import MartletMigrations
import MartletORM
import TestPrograms
import Testing

struct WriterTests {
    /// An app `blog` whose index lies in a folder of the test's own.
    private func withIndex(
        _ text: String = "import Martlet\n\nlet blogMigrations = Migrations(app: \"blog\", [])\n",
        _ body: (Migrations, _ folder: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("Migrations.swift").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try await body(Migrations(app: "blog", [], file: file), folder.path)
    }

    private func read(_ path: String) throws -> String {
        try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
    }

    @Test func `a new app gets its first migration and an index that lists it`() async throws {
        try await withIndex { app, folder in
            let graph = try MigrationGraph([app])
            let drafts = try await MigrationAutodetector(graph, schemas: [Sample.tag, Sample.post]).changes()
            let paths = try MigrationWriter().write(drafts, in: graph)
            #expect(paths == ["\(folder)/0001_initial.swift", "\(folder)/Migrations.swift"])
            #expect(try read(paths[0]) == Self.initialMigration)
            #expect(try read(paths[1]) == Self.index(of: ["blog0001Initial"]))
        }
    }

    @Test func `a second migration joins the list`() async throws {
        try await withIndex(Self.index(of: ["blog0001Initial"])) { app, folder in
            let first = Migration("0001_initial") { CreateModel("Tag", fields: Sample.tag.fields) }
            let graph = try MigrationGraph([Migrations(app: "blog", [first], file: app.file)])
            var tag = Sample.tag
            tag.fields.append(.init("note", .text))
            let changes = try await MigrationAutodetector(graph, schemas: [tag]).changes { _ in .text("a \"b\" \\(c)\n")
            }
            let paths = try MigrationWriter().write(changes, in: graph)
            #expect(
                try read(paths[0]) == #"""
                    import Martlet

                    extension Migration {
                        static let blog0002TagNote = Migration("0002_tag_note", dependencies: ["blog.0001_initial"]) {
                            AddField("Tag", .init("note", .text), default: .text("a \"b\" \\(c)\n"))
                        }
                    }

                    """#)
            #expect(try read("\(folder)/Migrations.swift") == Self.index(of: ["blog0001Initial", "blog0002TagNote"]))
        }
    }

    @Test func `a file that exists is never overwritten`() async throws {
        try await withIndex { app, folder in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/0001_initial.swift"))
            let graph = try MigrationGraph([app])
            let drafts = try await MigrationAutodetector(graph, schemas: [Sample.tag]).changes()
            let error = #expect(throws: MigrationError.self) { try MigrationWriter().write(drafts, in: graph) }
            #expect(error?.kind == .file)
            #expect(try read("\(folder)/0001_initial.swift") == "mine")
            #expect(try read("\(folder)/Migrations.swift").contains("[])"))
        }
    }

    /// An index before and after a migration is added.
    struct IndexCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: String
        let after: String
    }

    static let indexes = [
        IndexCase(
            testDescription: "empty", before: "let a = Migrations(app: \"blog\", [])\n",
            after: "let a = Migrations(\n    app: \"blog\",\n    [\n        .blog0002Post\n    ])\n"),
        IndexCase(
            testDescription: "on one line", before: "let a = Migrations(app: \"blog\", [.x, .y ,])\n",
            after:
                "let a = Migrations(\n    app: \"blog\",\n    [\n        .x,\n        .y,\n        .blog0002Post,\n    ])\n"
        ),
        IndexCase(
            testDescription: "inside a type",
            before: "enum Blog {\n    static let all = Migrations(app: \"blog\", [])\n}\n",
            after: "enum Blog {\n    static let all = Migrations(\n        app: \"blog\",\n        [\n"
                + "            .blog0002Post\n        ])\n}\n"),
        IndexCase(
            testDescription: "comments, another app, an example and other code stay",
            before: """
                // Like `Migrations(app: "blog", [])`.
                public let other = Migrations(app: "other", [])
                public let blogMigrations = Migrations(
                    app: "blog",
                    [
                        // The first one, by hand.
                        .first  // long ago
                    ])
                let end = [1]

                """,
            after: """
                // Like `Migrations(app: "blog", [])`.
                public let other = Migrations(app: "other", [])
                public let blogMigrations = Migrations(
                    app: "blog",
                    [
                        // The first one, by hand.
                        .first,  // long ago
                        .blog0002Post,
                    ])
                let end = [1]

                """),
    ]

    @Test(arguments: indexes)
    func `an index gets another line, and all else stays its author's`(_ example: IndexCase) async throws {
        try await withIndex(example.before) { app, folder in
            let first = Migration("0001_initial") { CreateModel("Tag", fields: Sample.tag.fields) }
            let graph = try MigrationGraph([Migrations(app: "blog", [first], file: app.file)])
            let drafts = try await MigrationAutodetector(graph, schemas: [Sample.tag, Sample.post]).changes()
            try MigrationWriter().write(drafts, in: graph)
            #expect(try read("\(folder)/Migrations.swift") == example.after)
        }
    }

    @Test func `an index without the list is an error that says what it must look like`() async throws {
        try await withIndex("let blogMigrations = make()\n") { app, _ in
            let graph = try MigrationGraph([app])
            let drafts = try await MigrationAutodetector(graph, schemas: [Sample.tag]).changes()
            let error = #expect(throws: MigrationError.self) { try MigrationWriter().write(drafts, in: graph) }
            #expect(error?.remedy == #"It must have the form `Migrations(app: "blog", [ … ])`."#)
        }
    }

    @Test func `what is written compiles, and swift-format would not change it`() async throws {
        try await withIndex { app, folder in
            let graph = try MigrationGraph([app])
            let writer = MigrationWriter(imports: ["MartletMigrations", "MartletORM"])
            let drafts = try await MigrationAutodetector(graph, schemas: [Sample.tag, Sample.post, Sample.wide])
                .changes()
            var paths = try writer.write(drafts, in: graph)
            let other = try writer.source(
                of: MigrationDraft(
                    app: "blog",
                    migration: Migration(
                        "0002_all_that_can_be_written_in_one_migration",
                        dependencies: ["blog.0001_initial", "accounts.0001_initial"]
                    ) { Sample.operations }))
            paths.append("\(folder)/0002_all.swift")
            try Data(other.utf8).write(to: URL(fileURLWithPath: paths[2]))
            try Data("import MartletMigrations\n\n\(try read(paths[1]).dropFirst(16))".utf8)
                .write(to: URL(fileURLWithPath: paths[1]))
            let special = [
                Migration("0003_empty", dependencies: ["blog.0002_all_that_can_be_written_in_one_migration"]) {},
                Migration("0004_merge_0003_empty_0003_other", dependencies: ["blog.0003_empty", "blog.0003_other"]) {},
                Migration(
                    "0001_squashed_0003_empty",
                    replaces: ["blog.0001_initial", "blog.0002_all_that_can_be_written_in_one_migration"],
                    dependencies: ["accounts.0001_initial"]
                ) { CreateExtension("pg_trgm") },
            ]
            for migration in special {
                let path = "\(folder)/\(migration.name).swift"
                let source = try writer.source(of: MigrationDraft(app: "blog", migration: migration))
                try Data(source.utf8).write(to: URL(fileURLWithPath: path))
                paths.append(path)
            }
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().path
            let lint = try run(
                "swift-format", ["lint", "--strict", "--configuration", "\(root)/.swift-format"] + paths)
            #expect(lint.status == 0, "\(lint.output)")
            let products = URL(
                fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            )
            .deletingLastPathComponent().path
            let check = try run(
                "swiftc",
                ["-typecheck", "-swift-version", "6", "-I", products, "-I", "\(products)/Modules"]
                    + moduleMaps(below: "\(root)/Sources") + paths)
            #expect(check.status == 0, "\(check.output)")
        }
    }

    /// What tells the compiler where the modules written in C are, which the framework's modules need.
    private func moduleMaps(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix("/module.modulemap") }
            .flatMap { ["-Xcc", "-fmodule-map-file=\(folder)/\($0)"] }
    }

    private func run(_ tool: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let result = try Program.runBlocking(tool, arguments)
        return (result.status, result.output)
    }
}

extension WriterTests {
    private static func index(of names: [String]) -> String {
        """
        import Martlet

        let blogMigrations = Migrations(
            app: "blog",
            [
        \(names.map { "        .\($0)" }.joined(separator: ",\n"))\(names.count > 1 ? "," : "")
            ])

        """
    }

    private static let initialMigration = """
        import Martlet

        extension Migration {
            static let blog0001Initial = Migration("0001_initial") {
                CreateModel(
                    "Tag",
                    fields: [
                        .init("id", .uuid, primaryKey: true),
                        .init("name", .char(maxLength: 50), unique: true),
                    ])
                CreateModel(
                    "Post",
                    fields: [
                        .init("id", .auto, primaryKey: true),
                        .init("slug", .slug(maxLength: 50), index: true),
                        .init("title", .char(maxLength: 200), column: "headline"),
                        .init("status", .choices(["draft", "published"], maxLength: 20)),
                        .init("published_on", .dateTime, null: true),
                        .init("parent", .foreignKey(to: "blog.Post", onDelete: .setNull), null: true, index: true),
                        .init("tags", .manyToMany(to: "blog.Tag")),
                    ],
                    indexes: [
                        .init(name: "blog_post_status_idx", fields: ["status", "published_on"])
                    ],
                    uniqueTogether: [["slug", "title"]])
            }
        }

        """
}
