import FoundationEssentials
import MartletMigrations
import MartletORM
import Testing

/// Squashed migrations and merges, as Django's `tests/migrations/test_loader.py` and `test_commands.py` have them.
struct SquashTests {
    private static let key = FieldSchema("id", .auto, primaryKey: true)

    private static let first = Migration("0001_initial", dependencies: ["accounts.0001_initial"]) {
        CreateModel("Post", fields: [key, .init("title", .text)])
    }
    private static let second = Migration("0002_body", dependencies: ["blog.0001_initial"]) {
        AddField("Post", .init("body", .text), default: .text(""))
    }
    private static let third = Migration("0003_text", dependencies: ["blog.0002_body"]) {
        RenameField("Post", "body", to: "text")
    }
    private static let last = Migration("0004_note", dependencies: ["blog.0003_text"]) {
        AddField("Post", .init("note", .text, null: true))
    }
    private static let accounts = Migrations(app: "accounts", [Migration("0001_initial") { created("User") }])

    private static let parts = [first, second, third]

    private static func squashed() throws -> MigrationSquash {
        try MigrationSquash(
            MigrationGraph([accounts, Migrations(app: "blog", parts)]), to: "blog.0003_text")
    }

    private static func apps(_ migrations: [Migration]) -> [Migrations] {
        [accounts, Migrations(app: "blog", migrations)]
    }

    @Test func `migrations become one, folded, that knows what it replaces and what it needs`() throws {
        let squash = try Self.squashed()
        let migration = squash.draft.migration
        #expect(migration.name == "0001_squashed_0003_text")
        #expect(migration.replaces == ["blog.0001_initial", "blog.0002_body", "blog.0003_text"])
        #expect(migration.dependencies == ["accounts.0001_initial"])
        #expect(migration.operations.map { "\($0)" } == ["Create model Post"])
        #expect(squash.operationCount == 3)
        #expect(squash.lenders.isEmpty)
        let create = try #require(migration.operations.first as? CreateModel)
        #expect(create.fields.map(\.name) == ["id", "title", "text"])
    }

    @Test func `folding, the beginning and the name can be chosen`() throws {
        let graph = try MigrationGraph(Self.apps(Self.parts))
        let whole = try MigrationSquash(graph, to: "blog.0003_text", optimized: false)
        #expect(whole.draft.migration.operations.count == 3)
        let late = try MigrationSquash(graph, from: "blog.0002_body", to: "blog.0003_text", name: "texts")
        #expect(late.draft.migration.name == "0002_texts")
        #expect(late.draft.migration.dependencies == ["blog.0001_initial"])
        #expect(late.draft.migration.operations.map { "\($0)" } == ["Add field text to post"])
    }

    @Test func `a beginning behind the end, a name that is none, and a squashed part are refused`() throws {
        let graph = try MigrationGraph(Self.apps(Self.parts))
        let order = #expect(throws: MigrationError.self) {
            try MigrationSquash(graph, from: "blog.0003_text", to: "blog.0002_body")
        }
        #expect(order?.problem == "'blog.0003_text' does not come before 'blog.0002_body'.")
        let name = #expect(throws: MigrationError.self) {
            try MigrationSquash(graph, to: "blog.0003_text", name: "../x")
        }
        #expect(name?.problem == "'../x' cannot be the name of a migration.")
        let long = #expect(throws: MigrationError.self) {
            try MigrationSquash(graph, to: "blog.0003_text", name: String(repeating: "x", count: 201))
        }
        #expect(long?.problem == "'\(String(repeating: "x", count: 40))…' cannot be the name of a migration.")
        let again = try MigrationGraph(Self.apps(Self.parts + [Self.squashed().draft.migration, Self.last]))
        let squashed = #expect(throws: MigrationError.self) { try MigrationSquash(again, to: "blog.0004_note") }
        #expect(squashed?.problem == "blog.0001_squashed_0003_text is a squashed migration itself.")
    }

    @Test func `code that cannot be copied is taken from where it stands`() throws {
        let code = Migration("0002_fill", dependencies: ["blog.0001_initial"]) {
            RunSQL("UPDATE blog_post SET title = 'x'", reverse: .nothing)
            RunSwift(reverse: .nothing) { _ in }
            RunSwift(reverse: .nothing, elidable: true) { _ in }
        }
        let graph = try MigrationGraph(Self.apps([Self.first, code]))
        let squash = try MigrationSquash(graph, to: "blog.0002_fill")
        #expect(squash.lenders == ["blog.0002_fill"])
        let source = try MigrationWriter().source(of: squash.draft)
        #expect(
            source == """
                import Martlet

                extension Migration {
                    static let blog0001Squashed0002Fill = Migration(
                        "0001_squashed_0002_fill", replaces: ["blog.0001_initial", "blog.0002_fill"],
                        dependencies: ["accounts.0001_initial"]
                    ) {
                        CreateModel(
                            "Post",
                            fields: [
                                .init("id", .auto, primaryKey: true),
                                .init("title", .text),
                            ])
                        RunSQL("UPDATE blog_post SET title = 'x'", reverse: .nothing)
                        Migration.blog0002Fill.operations[1]
                    }
                }

                """)
    }

    /// The rows of a history, and what migrating to the end does then.
    struct HistoryCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// How far the parts had been applied before they were squashed; -1 for a new database.
        let applied: Int
        let steps: [String]
    }

    static let histories = [
        HistoryCase(
            testDescription: "a new database goes through the squashed one", applied: -1,
            steps: [
                "Applying accounts.0001_initial", "Applying blog.0001_squashed_0003_text", "Applying blog.0004_note",
            ]),
        HistoryCase(
            testDescription: "one with some of the parts goes on through the others", applied: 1,
            steps: ["Applying blog.0003_text", "Applying blog.0004_note"]),
        HistoryCase(
            testDescription: "one with all parts goes on behind them", applied: 2, steps: ["Applying blog.0004_note"]),
    ]

    @Test(arguments: histories)
    func `a squashed migration stands for its parts where none or all are applied`(_ example: HistoryCase) async throws
    {
        let squash = try Self.squashed().draft.migration
        try await MigrationDatabase.with { database in
            if example.applied >= 0 {
                let old = try database.executor(
                    Self.accounts, Migrations(app: "blog", Array(Self.parts[...example.applied])))
                try await old.migrate()
            }
            let all = Self.apps(Self.parts + [squash, Self.last])
            let executor = try database.executor(all[0], all[1])
            #expect(try await executor.plan().map { "\($0)" } == example.steps)
            try await executor.migrate()
            try await executor.migrate()
            #expect(try await executor.plan().isEmpty)
            #expect(try await database.rows("SELECT title, text, note FROM blog_post").isEmpty)
            // With the parts taken away nothing changes.
            let alone = try database.executor(all[0], Migrations(app: "blog", [squash, Self.last]))
            #expect(try await alone.plan().isEmpty)
            let rows = try await database.rows("SELECT name FROM django_migrations WHERE app = 'blog' ORDER BY name")
            #expect(
                rows == ["0001_initial", "0001_squashed_0003_text", "0002_body", "0003_text", "0004_note"])
            // And back again: no row is left behind.
            try await alone.migrate(to: .zero(app: "blog"))
            #expect(try await database.rows("SELECT name FROM django_migrations WHERE app = 'blog'").isEmpty)
            try await executor.migrate()
            #expect(try await database.rows("SELECT title, text, note FROM blog_post").isEmpty)
        }
    }

    @Test func `parts that are applied in part must stay`() async throws {
        let squash = try Self.squashed().draft.migration
        try await MigrationDatabase.with { database in
            try await database.executor(Self.accounts, Migrations(app: "blog", [Self.first])).migrate()
            let alone = try database.executor(Self.accounts, Migrations(app: "blog", [squash]))
            let error = await #expect(throws: MigrationError.self) { try await alone.migrate() }
            #expect(error?.kind == .history)
            #expect(
                error?.problem == "Of the migrations that blog.0001_squashed_0003_text replaces, 1 are applied, "
                    + "blog.0002_body, blog.0003_text not, and 'blog.0002_body' is no longer in the project.")
        }
    }

    @Test func `what depended on a part depends on the squashed one, in other apps as well`() throws {
        let squash = try Self.squashed().draft.migration
        let shop = Migrations(
            app: "shop", [Migration("0001_initial", dependencies: ["blog.0002_body"]) { created("Item") }])
        let graph = try MigrationGraph(Self.apps([squash, Self.last] + Self.parts) + [shop])
        #expect(
            graph.order.map(\.description) == [
                "accounts.0001_initial", "blog.0001_squashed_0003_text", "blog.0004_note", "shop.0001_initial",
            ])
        #expect(graph.leaves(of: "blog") == ["blog.0004_note"])
    }

    @Test func `the next migration is numbered behind the squashed ones`() async throws {
        let squash = try Self.squashed().draft.migration
        let graph = try MigrationGraph(Self.apps([squash]))
        let drafts = try MigrationAutodetector(graph, schemas: []).empty(apps: ["blog"], name: "more")
        #expect(drafts.map { "\($0.name)" } == ["blog.0004_more"])
        #expect(drafts.first?.migration.dependencies == ["blog.0001_squashed_0003_text"])
    }
}

struct MergeTests {
    private static func graph(_ branches: [any MigrationOperation]...) throws -> MigrationGraph {
        let first = Migration("0001_initial") { created("Post", text) }
        let others = branches.enumerated().map { index, operations in
            Migration("0002_branch\(index)", dependencies: ["blog.0001_initial"]) { operations }
        }
        return try MigrationGraph([Migrations(app: "blog", [first] + others)])
    }

    @Test func `two ends of an app are joined by a migration that does nothing`() throws {
        let graph = try Self.graph([AddField("Post", number)], [AddField("Post", .init("note", .text, null: true))])
        let merges = try MigrationMerge.needed(in: graph)
        let merge = try #require(merges.first)
        #expect(merges.count == 1)
        #expect(
            merge.branches.map { $0.operations.map { "\($0)" } } == [
                ["Add field age to post"], ["Add field note to post"],
            ])
        #expect(merge.conflict == nil)
        #expect(!merge.runsOwnWork)
        let draft = try merge.draft()
        #expect(draft.migration.name == "0003_merge_0002_branch0_0002_branch1")
        #expect(draft.migration.dependencies == ["blog.0002_branch0", "blog.0002_branch1"])
        let joined = try MigrationGraph([Migrations(app: "blog", graph.apps[0].list + [draft.migration])])
        #expect(joined.leaves(of: "blog").count == 1)
        #expect(try MigrationWriter().source(of: draft).contains("// Joins the branches: there is nothing to do."))
        #expect(try MigrationMerge.needed(in: joined).isEmpty)
    }

    struct ConflictCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let left: any MigrationOperation
        let right: any MigrationOperation
        let conflict: String?
    }

    static let conflicts = [
        ConflictCase(
            testDescription: "the same field twice", left: AddField("Post", number), right: AddField("Post", number),
            conflict: "Model 'blog.Post' has a field 'age' already."),
        ConflictCase(
            testDescription: "another length, and another",
            left: AlterField("Post", .init("name", .char(maxLength: 1))),
            right: AlterField("Post", .init("name", .char(maxLength: 2))),
            conflict: "the models that come out depend on which goes first."),
        ConflictCase(
            testDescription: "a model renamed and changed", left: RenameModel("Post", to: "Article"),
            right: AddField("Post", number), conflict: "There is no model 'blog.Post' at this point."),
        ConflictCase(
            testDescription: "different models", left: created("Tag"), right: created("Note"), conflict: nil),
        ConflictCase(
            testDescription: "one field goes, another comes", left: RemoveField("Post", "name"),
            right: AddField("Post", number), conflict: nil),
    ]

    @Test(arguments: conflicts)
    func `branches that touch the same thing are no matter of a join`(_ example: ConflictCase) throws {
        let graph = try Self.graph([example.left], [example.right])
        #expect(try MigrationMerge.needed(in: graph).first?.conflict == example.conflict)
    }

    @Test func `statements are nobody's to judge, and long names give way to the moment`() throws {
        let graph = try Self.graph(
            [RunSQL("SELECT 1", reverse: .nothing)], [created("Tag")], [created("Note")],
            [created("Page")])
        let merge = try #require(try MigrationMerge.needed(in: graph).first)
        #expect(merge.runsOwnWork)
        let moment = try merge.draft(now: .init(timeIntervalSince1970: 1_769_850_300)).migration.name
        #expect(moment == "0003_merge_20260131_0905")
        #expect(try merge.draft(name: "all").migration.name == "0003_all")
    }
}
