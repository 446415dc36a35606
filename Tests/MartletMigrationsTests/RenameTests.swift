import MartletMigrations
import MartletORM
import Testing

/// What goes and comes under another name, as Django's `tests/migrations/test_autodetector.py` has it.
struct RenameTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: [ModelSchema]
        let after: [ModelSchema]
        /// What is asked, and answered with yes.
        let asked: [String]
        let expected: [String]
    }

    private static let id = FieldSchema("id", .auto, primaryKey: true)
    private static let title = FieldSchema("title", .char(maxLength: 50))

    private static func model(_ name: ModelName, _ fields: FieldSchema..., indexes: [IndexSchema] = []) -> ModelSchema {
        ModelSchema(name: name, fields: [id] + fields, indexes: indexes)
    }

    static let cases = [
        Case(
            testDescription: "a field", before: [model("blog.Post", title)],
            after: [model("blog.Post", .init("heading", .char(maxLength: 50)))], asked: ["blog.Post.title:heading"],
            expected: ["blog.0002_rename_title_post_heading: Rename field title on post to heading"]),
        Case(
            testDescription: "a field of another kind is another field", before: [model("blog.Post", title)],
            after: [model("blog.Post", .init("heading", .char(maxLength: 51), null: true))], asked: [],
            expected: [
                "blog.0002_remove_post_title_post_heading: Remove field title from post; Add field heading to post"
            ]),
        Case(
            testDescription: "a field in an index takes the index along",
            before: [model("blog.Post", title, indexes: [.init(name: "i", fields: ["title"])])],
            after: [
                model(
                    "blog.Post", .init("heading", .char(maxLength: 50)),
                    indexes: [.init(name: "i", fields: ["heading"])])
            ], asked: ["blog.Post.title:heading"],
            expected: ["blog.0002_rename_title_post_heading: Rename field title on post to heading"]),
        Case(
            testDescription: "a field that keeps its column", before: [model("blog.Post", title)],
            after: [model("blog.Post", .init("heading", .char(maxLength: 50), column: "title"))],
            asked: ["blog.Post.title:heading"],
            expected: [
                "blog.0002_rename_title_post_heading_alter_post_heading: "
                    + "Rename field title on post to heading; Alter field heading on post"
            ]),
        Case(
            testDescription: "a many-to-many field",
            before: [model("blog.Post", .init("tags", .manyToMany(to: "blog.Tag"))), model("blog.Tag")],
            after: [model("blog.Post", .init("labels", .manyToMany(to: "blog.Tag"))), model("blog.Tag")],
            asked: ["blog.Post.tags:labels"],
            expected: ["blog.0002_rename_tags_post_labels: Rename field tags on post to labels"]),
        Case(
            testDescription: "two fields of one kind, each asked about until one fits",
            before: [model("blog.Post", .init("a", .integer), .init("b", .integer))],
            after: [model("blog.Post", .init("x", .integer), .init("y", .integer))],
            asked: ["blog.Post.a:x", "blog.Post.b:y"],
            expected: [
                "blog.0002_rename_a_post_x_rename_b_post_y: "
                    + "Rename field a on post to x; Rename field b on post to y"
            ]),
        Case(
            testDescription: "a model", before: [model("blog.Post", title)], after: [model("blog.Article", title)],
            asked: ["blog.Post:Article"],
            expected: ["blog.0002_rename_post_article: Rename model Post to Article"]),
        Case(
            testDescription: "a model, and its only field, whose name does not matter",
            before: [model("blog.Post", title)],
            after: [model("blog.Article", .init("heading", .char(maxLength: 50)))],
            asked: ["blog.Post:Article", "blog.Article.title:heading"],
            expected: [
                "blog.0002_rename_post_article_rename_title_article_heading: "
                    + "Rename model Post to Article; Rename field title on article to heading"
            ]),
        Case(
            testDescription: "a model to which others refer, also of another app",
            before: [
                model("blog.Post", title), model("blog.Note", link("post", "blog.Post")),
                model("shop.Item", link("post", "blog.Post"), .init("posts", .manyToMany(to: "blog.Post"))),
            ],
            after: [
                model("blog.Article", title), model("blog.Note", link("post", "blog.Article")),
                model("shop.Item", link("post", "blog.Article"), .init("posts", .manyToMany(to: "blog.Article"))),
            ], asked: ["blog.Post:Article"],
            expected: ["blog.0002_rename_post_article [shop.0001_initial]: Rename model Post to Article"]),
        Case(
            testDescription: "a model that a field refers to under its new name, by a new name",
            before: [model("blog.Post", title), model("blog.Note", link("post", "blog.Post"))],
            after: [model("blog.Article", title), model("blog.Note", link("article", "blog.Article"))],
            asked: ["blog.Post:Article", "blog.Note.post:article"],
            expected: [
                "blog.0002_rename_post_article_rename_post_note_article: "
                    + "Rename model Post to Article; Rename field post on note to article"
            ]),
        Case(
            testDescription: "a model of another app is another model", before: [model("blog.Post", title)],
            after: [model("shop.Post", title)], asked: [],
            expected: [
                "shop.0001_initial: Create model Post", "blog.0002_delete_post: Delete model Post",
            ]),
    ]

    private static func graph(with schemas: [ModelSchema]) async throws -> MigrationGraph {
        let empty = ["blog", "shop"].map { Migrations(app: $0, []) }
        let first = try await MigrationAutodetector(MigrationGraph(empty), schemas: schemas).changes()
        return try MigrationGraph(extended(empty, by: first))
    }

    private static func extended(_ apps: [Migrations], by drafts: [MigrationDraft]) -> [Migrations] {
        apps.map { app in
            Migrations(app: app.app, app.list + drafts.filter { $0.app == app.app }.map(\.migration))
        }
    }

    /// What a draft is, with the migrations of other apps that it needs.
    private static func described(_ draft: MigrationDraft) -> String {
        let others = draft.migration.dependencies.filter { $0.app != draft.app }.map(\.description)
        let needs = others.isEmpty ? "" : " [\(others.joined(separator: ", "))]"
        return "\(draft.name)\(needs): \(draft.migration.operations.map { "\($0)" }.joined(separator: "; "))"
    }

    @Test(arguments: cases)
    func `what looks the same under another name is asked about, and keeps its values`(_ example: Case) async throws {
        let graph = try await Self.graph(with: example.before)
        let asked = Log()
        let drafts = try await MigrationAutodetector(graph, schemas: example.after).changes(renaming: { rename in
            let isExpected = example.asked.contains("\(rename)")
            if isExpected { await asked.add("\(rename)") }
            return isExpected
        })
        #expect(drafts.map(Self.described) == example.expected)
        #expect(await asked.lines == example.asked)
        let reached = try MigrationGraph(Self.extended(graph.apps, by: drafts))
        #expect(try await MigrationAutodetector(reached, schemas: example.after).changes().isEmpty)
    }

    actor Log {
        private(set) var lines: [String] = []
        func add(_ line: String) { lines.append(line) }
    }

    @Test func `an answer of no removes the one and adds the other`() async throws {
        let graph = try await Self.graph(with: [Self.model("blog.Post", Self.title)])
        let after = [Self.model("blog.Post", .init("heading", .char(maxLength: 50), null: true))]
        let other = [Self.model("blog.Post", .init("heading", .char(maxLength: 50)))]
        let drafts = try await MigrationAutodetector(graph, schemas: other).changes(
            asking: { _ in .text("") }, renaming: Rename.never)
        #expect(drafts.map { "\($0.name)" } == ["blog.0002_remove_post_title_post_heading"])
        #expect(try await MigrationAutodetector(graph, schemas: after).changes(renaming: Rename.refuse).count == 1)
    }

    @Test func `where nobody can answer the question is refused, with the options that answer it`() async throws {
        let graph = try await Self.graph(with: [Self.model("blog.Post", Self.title)])
        let after = [Self.model("blog.Post", .init("heading", .char(maxLength: 50)))]
        let error = await #expect(throws: MigrationError.self) {
            try await MigrationAutodetector(graph, schemas: after).changes(renaming: Rename.refuse)
        }
        #expect(error?.kind == .renameUnclear)
        #expect(
            error?.description
                == "Was 'blog.Post.title' renamed to 'blog.Post.heading'? If so, run makemigrations with "
                + "`--rename blog.Post.title:heading`, and all values stay. If not, with `--no-renames`, and the values "
                + "of what goes are deleted.")
    }

    @Test(arguments: [
        "title:heading", "Post.title:heading", "blog.Post.title:heading", "blog.Post.title:blog.Post.heading",
    ])
    func `a field that was renamed can be told in short or in full`(_ text: String) async throws {
        let graph = try await Self.graph(with: [Self.model("blog.Post", Self.title)])
        // It has got longer, too, so nothing would be asked.
        let after = [Self.model("blog.Post", .init("heading", .char(maxLength: 99)))]
        let drafts = try await MigrationAutodetector(graph, schemas: after).changes(renames: [RenameRequest(text)])
        #expect(
            drafts.map(Self.described) == [
                "blog.0002_rename_title_post_heading_alter_post_heading: "
                    + "Rename field title on post to heading; Alter field heading on post"
            ])
    }

    @Test(arguments: ["Post:Article", "blog.Post:Article", "blog.Post:blog.Article"])
    func `a model that was renamed can be told, though its fields changed`(_ text: String) async throws {
        let graph = try await Self.graph(with: [Self.model("blog.Post", Self.title)])
        let after = [Self.model("blog.Article", Self.title, .init("note", .text, null: true))]
        let drafts = try await MigrationAutodetector(graph, schemas: after).changes(renames: [RenameRequest(text)])
        #expect(
            drafts.map(Self.described) == [
                "blog.0002_rename_post_article_article_note: Rename model Post to Article; Add field note to article"
            ])
    }

    @Test(arguments: ["", ":", "a", "a:", ":b", "a:b:c", "same:same"])
    func `a new name has a form`(_ text: String) {
        let error = #expect(throws: MigrationError.self) { try RenameRequest(text) }
        #expect(error?.problem == "'\(text)' is no new name.")
    }

    @Test(arguments: ["body:heading", "title:body", "Post:Article", "shop.Post.title:heading", "'; DROP:\"x\\%_🐦"])
    func `a new name that fits nothing is refused, and what there is is listed`(_ text: String) async throws {
        let graph = try await Self.graph(with: [Self.model("blog.Post", Self.title)])
        let after = [Self.model("blog.Post", .init("heading", .char(maxLength: 50)))]
        let error = await #expect(throws: MigrationError.self) {
            try await MigrationAutodetector(graph, schemas: after).changes(renames: [RenameRequest(text)])
        }
        #expect(error?.problem == "`--rename \(text)` fits nothing that goes and nothing that comes.")
        #expect(error?.remedy.contains("Going: blog.Post.title. Coming: blog.Post.heading.") == true)
    }
}
