import FoundationEssentials
import MartletMigrations
import MartletORM
import Testing

/// Models before and after, and the migrations that lead from one to the other.
struct DetectionCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let before: [ModelSchema]
    let after: [ModelSchema]
    /// Each as `name [dependencies]: operation; operation`.
    let expected: [String]

    init(_ testDescription: String, _ before: [ModelSchema], _ after: [ModelSchema], _ expected: [String]) {
        self.testDescription = testDescription
        self.before = before
        self.after = after
        self.expected = expected
    }
}

private let id = FieldSchema("id", .auto, primaryKey: true)

private func reference(_ name: String, _ target: ModelName, null: Bool = false) -> FieldSchema {
    FieldSchema(name, .foreignKey(to: target, onDelete: .cascade), null: null, index: true)
}

private func model(
    _ name: ModelName, _ fields: FieldSchema..., indexes: [IndexSchema] = [], unique: [[String]] = [],
    table: String? = nil
) -> ModelSchema {
    ModelSchema(name: name, table: table, fields: [id] + fields, indexes: indexes, uniqueTogether: unique)
}

private let title = FieldSchema("title", .char(maxLength: 50))
private let tags = FieldSchema("tags", .manyToMany(to: "blog.Tag"))
private let byTitle = IndexSchema(name: "post_title_idx", fields: ["title"])

struct AutodetectorTests {
    static let cases: [DetectionCase] = [
        .init("nothing changed", [model("blog.Post", title)], [model("blog.Post", title)], []),
        .init(
            "the order of fields is no change", [model("blog.Post", title, tags), model("blog.Tag")],
            [model("blog.Post", tags, title), model("blog.Tag")], []),
        .init("a first model", [], [model("blog.Post", title)], ["blog.0001_initial []: Create model Post"]),
        .init(
            "what is referred to is created first", [],
            [
                model("blog.Post", reference("author", "accounts.User"), tags), model("blog.Tag"),
                model("accounts.User"),
            ],
            [
                "accounts.0001_initial []: Create model User",
                "blog.0001_initial [accounts.0001_initial]: Create model Tag; Create model Post",
            ]),
        .init(
            "a model that refers to itself", [], [model("blog.Post", reference("parent", "blog.Post"))],
            ["blog.0001_initial []: Create model Post"]),
        .init(
            "a circle inside an app is split", [],
            [model("blog.A", reference("b", "blog.B")), model("blog.B", reference("a", "blog.A"))],
            ["blog.0001_initial []: Create model B; Create model A; Add field a to b"]),
        .init(
            "a circle between apps is split, and so are the migrations", [],
            [
                model("accounts.User", reference("post", "blog.Post")),
                model("blog.Post", reference("author", "accounts.User")),
            ],
            [
                "blog.0001_initial []: Create model Post",
                "accounts.0001_initial [blog.0001_initial]: Create model User",
                "blog.0002_post_author [accounts.0001_initial, blog.0001_initial]: Add field author to post",
            ]),
        .init(
            "apps that need each other's models take turns", [],
            [
                model("accounts.User", reference("tag", "blog.Tag")), model("blog.Tag"),
                model("blog.Post", reference("author", "accounts.User")),
            ],
            [
                "blog.0001_initial []: Create model Tag",
                "accounts.0001_initial [blog.0001_initial]: Create model User",
                "blog.0002_post [accounts.0001_initial, blog.0001_initial]: Create model Post",
            ]),
        .init(
            "an index over a field that comes later waits for it", [],
            [
                model("blog.A", reference("b", "blog.B")),
                model(
                    "blog.B", reference("a", "blog.A"), title, indexes: [.init(name: "i", fields: ["a", "title"])],
                    unique: [["a", "title"]]),
            ],
            [
                "blog.0001_initial []: Create model B; Create model A; Add field a to b; "
                    + "Create index i on field(s) a, title of model b; Alter unique_together for b (1 constraint(s))"
            ]),
        .init(
            "a new field", [model("blog.Post")], [model("blog.Post", FieldSchema("note", .text, null: true))],
            ["blog.0002_post_note [blog.0001_initial]: Add field note to post"]),
        .init(
            "a reference to a model that exists", [model("blog.Post"), model("accounts.User")],
            [model("blog.Post", reference("author", "accounts.User", null: true)), model("accounts.User")],
            ["blog.0002_post_author [accounts.0001_initial, blog.0001_initial]: Add field author to post"]),
        .init(
            "a reference to a new model of another app", [model("blog.Post")],
            [model("blog.Post", reference("author", "accounts.User", null: true)), model("accounts.User")],
            [
                "accounts.0001_initial []: Create model User",
                "blog.0002_post_author [accounts.0001_initial, blog.0001_initial]: Add field author to post",
            ]),
        .init(
            "a field goes", [model("blog.Post", title)], [model("blog.Post")],
            ["blog.0002_remove_post_title [blog.0001_initial]: Remove field title from post"]),
        .init(
            "another length", [model("blog.Post", title)],
            [model("blog.Post", FieldSchema("title", .char(maxLength: 60)))],
            ["blog.0002_alter_post_title [blog.0001_initial]: Alter field title on post"]),
        .init(
            "a list of texts becomes a table", [model("blog.Post", FieldSchema("tags", .text)), model("blog.Tag")],
            [model("blog.Post", tags), model("blog.Tag")],
            [
                "blog.0002_remove_post_tags_post_tags [blog.0001_initial]: "
                    + "Remove field tags from post; Add field tags to post"
            ]),
        .init(
            "indexes come and go", [model("blog.Post", title, indexes: [byTitle])],
            [model("blog.Post", title, indexes: [.init(name: "other_idx", fields: ["title", "id"])])],
            [
                "blog.0002_remove_post_post_title_idx_post_other_idx [blog.0001_initial]: "
                    + "Remove index post_title_idx from post; "
                    + "Create index other_idx on field(s) title, id of model post"
            ]),
        .init(
            "an index of another name is renamed, as Django does it", [model("blog.Post", title, indexes: [byTitle])],
            [model("blog.Post", title, indexes: [.init(name: "other_idx", fields: ["title"])])],
            [
                "blog.0002_rename_post_title_idx_other_idx [blog.0001_initial]: "
                    + "Rename index post_title_idx on post to other_idx"
            ]),
        .init(
            "unique groups change", [model("blog.Post", title, unique: [["title", "id"]])], [model("blog.Post", title)],
            [
                "blog.0002_alter_post_unique_together [blog.0001_initial]: "
                    + "Alter unique_together for post (0 constraint(s))"
            ]),
        .init(
            "a field of an index and a group goes",
            [
                model("blog.Post", title, indexes: [byTitle], unique: [["title", "id"]])
            ], [model("blog.Post")],
            [
                "blog.0002_remove_post_post_title_idx_and_more [blog.0001_initial]: "
                    + "Remove index post_title_idx from post; Alter unique_together for post (0 constraint(s)); "
                    + "Remove field title from post"
            ]),
        .init(
            "models go, those that refer to others first",
            [model("blog.Tag"), model("blog.Post", tags), model("blog.Note", reference("post", "blog.Post"))],
            [model("blog.Tag")],
            ["blog.0002_delete_note_delete_post [blog.0001_initial]: Delete model Note; Delete model Post"]),
        .init(
            "models that refer to each other go",
            [model("blog.A", reference("b", "blog.B")), model("blog.B", reference("a", "blog.A"))], [],
            [
                "blog.0002_remove_b_a_delete_a_delete_b [blog.0001_initial]: "
                    + "Remove field a from b; Delete model A; Delete model B"
            ]),
        .init(
            "a model goes when the other app has let go of it",
            [model("accounts.User"), model("blog.Post", reference("author", "accounts.User"))], [model("blog.Post")],
            [
                "blog.0002_remove_post_author [blog.0001_initial]: Remove field author from post",
                "accounts.0002_delete_user [accounts.0001_initial, blog.0002_remove_post_author]: Delete model User",
            ]),
        .init(
            "another table name", [model("blog.Post")], [model("blog.Post", table: "posts")],
            ["blog.0002_alter_post_table [blog.0001_initial]: Rename table for post to posts"]),
    ]

    @Test(arguments: cases)
    func `the difference becomes migrations that lead to the models`(_ example: DetectionCase) async throws {
        let apps = ["accounts", "blog"]
        var history = apps.map { Migrations(app: $0, []) }
        let first = try await MigrationAutodetector(MigrationGraph(history), schemas: example.before).changes()
        history = Self.extended(history, by: first)
        let graph = try MigrationGraph(history)
        let drafts = try await MigrationAutodetector(graph, schemas: example.after).changes()
        #expect(drafts.map(Self.describe) == example.expected)

        let reached = try MigrationGraph(Self.extended(history, by: drafts))
        #expect(Self.normal(try reached.state().models) == Self.normal(example.after))
        #expect(try await MigrationAutodetector(reached, schemas: example.after).changes().isEmpty)
    }

    @Test func `without a default the question is asked, and refusing says what to do`() async throws {
        let graph = try await Self.graph(with: [model("blog.Post")])
        let after = [model("blog.Post", FieldSchema("token", .uuid))]
        let error = await #expect(throws: MigrationError.self) {
            try await MigrationAutodetector(graph, schemas: after).changes()
        }
        #expect(
            error?.description == "'blog.Post.token' is new and may not be null. What do existing rows get? "
                + "Make it optional, or run makemigrations in a terminal and answer (new for another UUID in each row, or a UUID)."
        )
        let drafts = try await MigrationAutodetector(graph, schemas: after).changes { question in
            #expect(question.read("no uuid") == nil)
            return try #require(question.read("new"))
        }
        #expect((drafts.first?.migration.operations.first as? AddField)?.fill == .newUUID)
    }

    struct Article: Model {
        enum State: String, Choices { case draft, published }

        var id = 0
        var text = "none yet"
        var state = State.published
        var stars = 3
        var isOpen = true
        var score = 0.5
        var subtitle: String?

        static let appLabel = "blog"
        static let table = Table<Article>(
            .auto(\.id), .text(\.text), .choices(\.state), .integer(\.stars), .bool(\.isOpen), .float(\.score),
            .text(\.subtitle))
    }

    @Test func `a property's initial value is the default of existing rows`() async throws {
        let graph = try await Self.graph(with: [model("blog.Article")])
        let drafts = try await MigrationAutodetector(graph, models: ModelRegistry([Article.self])).changes()
        let fills = drafts.flatMap(\.migration.operations).map { ($0 as? AddField)?.fill }
        #expect(fills == [.text("none yet"), .text("published"), .integer(3), .bool(true), .real(0.5), nil])
    }

    @Test func `one initial value cannot be given to all rows of a unique field`() async throws {
        let graph = try await Self.graph(with: [model("blog.Post")])
        let after = [model("blog.Post", FieldSchema("code", .char(maxLength: 9), unique: true))]
        let detector = MigrationAutodetector(graph, schemas: after) { _, _ in .text("") }
        let error = await #expect(throws: MigrationError.self) { try await detector.changes() }
        #expect(error?.kind == .defaultNeeded)
    }

    @Test func `an answer that the field cannot hold is refused`() async throws {
        let graph = try await Self.graph(with: [model("blog.Post")])
        let after = [model("blog.Post", FieldSchema("code", .char(maxLength: 3)))]
        let error = await #expect(throws: MigrationError.self) {
            try await MigrationAutodetector(graph, schemas: after).changes { _ in .text("long") }
        }
        #expect(error?.problem == "text(\"long\") is no value for 'blog.Post.code'.")
    }

    @Test func `null no longer asks what rows without a value get`() async throws {
        let graph = try await Self.graph(with: [model("blog.Post", FieldSchema("at", .dateTime, null: true))])
        let drafts = try await MigrationAutodetector(graph, schemas: [model("blog.Post", FieldSchema("at", .dateTime))])
            .changes { question in
                #expect(question.text == "'blog.Post.at' may no longer be null. What do rows without a value get?")
                return .now
            }
        #expect((drafts.first?.migration.operations.first as? AlterField)?.fill == .now)
    }

    @Test func `only the apps asked for get migrations, and what they depend on`() async throws {
        let graph = try MigrationGraph(["accounts", "blog", "shop"].map { Migrations(app: $0, []) })
        let schemas = [
            model("accounts.User"), model("blog.Post", reference("author", "accounts.User")), model("shop.Item"),
        ]
        let drafts = try await MigrationAutodetector(graph, schemas: schemas).changes(apps: ["blog"])
        #expect(drafts.map(\.name.description) == ["accounts.0001_initial", "blog.0001_initial"])
    }

    @Test func `an app without an index is told how to begin`() async throws {
        let graph = try MigrationGraph([])
        let error = await #expect(throws: MigrationError.self) {
            try await MigrationAutodetector(graph, schemas: [model("my_blog.Post")]).changes(apps: ["my_blog"])
        }
        #expect(error?.remedy.contains(#"`let myBlogMigrations = Migrations(app: "my_blog", [])`"#) == true)
    }

    @Test func `a reference to a model outside all apps is an error`() async throws {
        let graph = try MigrationGraph([Migrations(app: "blog", [])])
        let error = await #expect(throws: MigrationError.self) {
            try await MigrationAutodetector(graph, schemas: [model("blog.Post", reference("author", "auth.User"))])
                .changes()
        }
        #expect(error?.problem == "'blog.Post.author' refers to 'auth.User', which no app with migrations has.")
    }

    @Test func `a number does not become a UUID as primary key`() async throws {
        let graph = try await Self.graph(with: [model("blog.Post")])
        let after = ModelSchema(name: "blog.Post", fields: [.init("id", .uuid, primaryKey: true)])
        let error = await #expect(throws: MigrationError.self) {
            try await MigrationAutodetector(graph, schemas: [after]).changes()
        }
        #expect(error?.problem.contains("changes from auto to uuid") == true)
    }

    @Test func `a name can be given, but not the path of a file`() async throws {
        let graph = try await Self.graph(with: [model("blog.Post", title)])
        let drafts = try await MigrationAutodetector(graph, schemas: [model("blog.Post")]).changes(name: "shorter")
        #expect(drafts.map(\.name.name) == ["0002_shorter"])
        for name in ["../x", "", "a b", "x.swift"] {
            let error = await #expect(throws: MigrationError.self) {
                try await MigrationAutodetector(graph, schemas: []).changes(name: name)
            }
            #expect(error?.remedy == "Use letters, digits and underscores.")
        }
    }
}

extension AutodetectorTests {
    private static func graph(with models: [ModelSchema]) async throws -> MigrationGraph {
        let empty = [Migrations(app: "blog", [])]
        let drafts = try await MigrationAutodetector(MigrationGraph(empty), schemas: models).changes()
        return try MigrationGraph(extended(empty, by: drafts))
    }

    private static func extended(_ apps: [Migrations], by drafts: [MigrationDraft]) -> [Migrations] {
        apps.map { app in
            Migrations(app: app.app, app.list + drafts.filter { $0.app == app.app }.map(\.migration))
        }
    }

    private static func describe(_ draft: MigrationDraft) -> String {
        let dependencies = draft.migration.dependencies.map(\.description).joined(separator: ", ")
        let operations = draft.migration.operations.map(\.description).joined(separator: "; ")
        return "\(draft.name) [\(dependencies)]: \(operations)"
    }

    /// The models with everything whose order does not matter in order.
    private static func normal(_ models: [ModelSchema]) -> [ModelSchema] {
        models.sorted { $0.name.description < $1.name.description }.map { model in
            var model = model
            model.fields.sort { $0.name < $1.name }
            return model
        }
    }
}
