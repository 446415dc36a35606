import MartletMigrations
import MartletORM
import Testing

/// What a model or field is called at some point, since changes that came before may have renamed it.
struct CurrentNames {
    let state: ProjectState

    /// `blog.Post`, or `blog.Article` once it was renamed.
    var post: ModelName { state.model("blog.Article") == nil ? "blog.Post" : "blog.Article" }
    var user: ModelName { state.model("accounts.Member") == nil ? "accounts.User" : "accounts.Member" }
    var title: String { has("heading") ? "heading" : "title" }
    var author: String { has("writer") ? "writer" : "author" }
    var tags: String { has("labels") ? "labels" : "tags" }

    private func has(_ field: String) -> Bool { state.model(post)?.field(field) != nil }

    /// A field of the post, to be changed.
    func field(_ name: String, _ change: (inout FieldSchema) -> Void) -> [any MigrationOperation] {
        guard var field = state.model(post)?.field(name) else { return [] }
        change(&field)
        return [AlterField(post.name, field)]
    }
}

/// A change that somebody makes to models. Operations say what it is; what migrations follow from it is for the
/// autodetector to find.
struct ModelChange: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let app: String
    /// The tables and columns, as they were at the beginning, whose values do not come back.
    let loses: Set<String>
    private let operations: @Sendable (CurrentNames) -> [any MigrationOperation]

    private init(
        _ testDescription: String, app: String = "blog", loses: Set<String> = [],
        _ operations: @escaping @Sendable (CurrentNames) -> [any MigrationOperation]
    ) {
        self.testDescription = testDescription
        self.app = app
        self.loses = loses
        self.operations = operations
    }

    /// The models after the change; `nil` where it changes nothing, since what it is about has gone.
    func applied(to state: ProjectState) -> ProjectState? {
        var result = state
        do {
            for operation in operations(CurrentNames(state: state)) { try operation.apply(to: &result, app: app) }
        } catch {
            return nil
        }
        return result == state ? nil : result
    }
}

extension ModelChange {
    /// A field that the post gets.
    private static func added(_ field: FieldSchema) -> ModelChange {
        ModelChange("add \(field.name)") { [AddField($0.post.name, field)] }
    }

    private static let additions: [ModelChange] = [
        added(.init("summary", .text, null: true)),
        added(.init("lead", .text)),
        added(.init("pinned", .bool)),
        added(.init("rank", .integer)),
        added(.init("token", .uuid)),
        added(.init("shown_at", .dateTime, null: true)),
        added(.init("price", .decimal(maxDigits: 8, decimalPlaces: 2))),
        added(.init("extra", .json, null: true)),
        added(.init("code", .char(maxLength: 9), null: true, unique: true)),
        added(.init("place", .char(maxLength: 30), index: true)),
        added(.init("likes", .positiveInteger)),
        added(.init("mood", .checkedChoices(["glad", "it's"], maxLength: 9))),
        added(.init("level", .integer, databaseDefault: 4)),
        added(.init("doubled", .integer, generated: .init(F("views") * 2))),
        ModelChange("add a reference that may be null") {
            [
                AddField(
                    $0.post.name, .init("editor", .foreignKey(to: $0.user, onDelete: .setNull), null: true, index: true)
                )
            ]
        },
        ModelChange("add a reference that may not be null") {
            [AddField($0.post.name, .init("owner", .foreignKey(to: $0.user, onDelete: .cascade), index: true))]
        },
        ModelChange("add a table between") { [AddField($0.post.name, .init("likers", .manyToMany(to: $0.user)))] },
    ]

    private static let removals: [ModelChange] = [
        ModelChange("remove a field", loses: ["blog_post.note"]) { [RemoveField($0.post.name, "note")] },
        ModelChange("remove a field of an index and a rule", loses: ["blog_post.views"]) {
            [
                RemoveIndex($0.post.name, "post_title_views_idx"), RemoveConstraint($0.post.name, "views_positive"),
                RemoveField($0.post.name, "views"),
            ]
        },
        ModelChange("remove a reference to itself", loses: ["blog_post.parent_id"]) {
            [RemoveField($0.post.name, "parent")]
        },
        ModelChange("remove a table between", loses: ["blog_post_tags"]) { [RemoveField($0.post.name, $0.tags)] },
        ModelChange("delete a model", loses: ["blog_note"]) { _ in [DeleteModel("Note")] },
        ModelChange("delete a model and the table to it", loses: ["blog_post_tags", "blog_tag"]) {
            [RemoveField($0.post.name, $0.tags), DeleteModel("Tag")]
        },
    ]

    private static let renames: [ModelChange] = [
        ModelChange("rename a field in an index and a group") { [RenameField($0.post.name, "title", to: "heading")] },
        ModelChange("rename a reference") { [RenameField($0.post.name, "author", to: "writer")] },
        ModelChange("rename a table between") { [RenameField($0.post.name, "tags", to: "labels")] },
        ModelChange("rename a model") { _ in [RenameModel("Post", to: "Article")] },
        ModelChange("rename a model of another app", app: "accounts") { _ in [RenameModel("User", to: "Member")] },
        ModelChange("another table") { [AlterModelTable($0.post.name, "posts")] },
        ModelChange("another column") { $0.field("note") { $0.column = "remark" } },
        ModelChange("rename an index") { [RenameIndex($0.post.name, "post_title_views_idx", to: "post_both_idx")] },
    ]

    private static let alterations: [ModelChange] = [
        ModelChange("a longer text") { names in names.field(names.title) { $0.kind = .char(maxLength: 300) } },
        ModelChange("a larger number") { $0.field("views") { $0.kind = .bigInteger } },
        ModelChange("a number with a point") { $0.field("views") { $0.kind = .float } },
        ModelChange("no longer null", loses: ["blog_post.note"]) { $0.field("note") { $0.isNull = false } },
        ModelChange("null") { names in names.field(names.title) { $0.isNull = true } },
        ModelChange("a text with an end") { $0.field("body") { $0.kind = .char(maxLength: 500) } },
        ModelChange("unique") { $0.field("body") { $0.isUnique = true } },
        ModelChange("no index") { $0.field("slug") { $0.isIndexed = false } },
        ModelChange("a default of the database") { $0.field("views") { $0.databaseDefault = 3 } },
    ]

    private static let groups: [ModelChange] = [
        ModelChange("add an index") {
            [AddIndex($0.post.name, .init(name: "post_body_idx", fields: ["body", "-views"]))]
        },
        ModelChange("remove an index") { [RemoveIndex($0.post.name, "post_title_views_idx")] },
        ModelChange("another group") { [AlterUniqueTogether($0.post.name, [["slug", "views"]])] },
        ModelChange("no group") { [AlterUniqueTogether($0.post.name, [])] },
        ModelChange("remove a rule") { [RemoveConstraint($0.post.name, "views_positive")] },
        ModelChange("add a rule") {
            [AddConstraint($0.post.name, .unique("once_seen", fields: ["body"], where: F("views") > 1))]
        },
        ModelChange("a comment on the table") { [AlterModelOptions($0.post.name, comment: "It's \"said\"")] },
        ModelChange("create a model") {
            [
                CreateModel(
                    "Photo",
                    fields: [
                        .init("id", .uuid, primaryKey: true),
                        .init("post", .foreignKey(to: $0.post, onDelete: .cascade), index: true),
                        .init("by", .foreignKey(to: $0.user, onDelete: .setNull), null: true, index: true),
                    ])
            ]
        },
    ]

    static let all = additions + removals + renames + alterations + groups
}
