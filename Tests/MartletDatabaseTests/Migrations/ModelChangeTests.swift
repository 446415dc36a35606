import MartletMigrations
import MartletORM
import Testing

/// Changes of models, taken through the autodetector and the databases: forwards, back, and forwards again.
@Suite(.models()) struct ModelChangeTests {
    @Test func `there are at least forty changes, each of which changes the models`() throws {
        let base = try ChangedModels.base()
        #expect(ModelChange.all.count >= 40)
        #expect(Set(ModelChange.all.map(\.testDescription)).count == ModelChange.all.count)
        for change in ModelChange.all { #expect(change.applied(to: base) != nil, "\(change.testDescription)") }
    }

    @Test(arguments: ModelChange.all)
    func `a change and any other behind it go there, back and there again`(_ first: ModelChange) async throws {
        let base = try await ChangedModels()
        let one = try #require(try await base.followed(by: first))
        try await base.migrate()
        for second in [nil] + ModelChange.all.map(Optional.some) {
            let name = "\(first.testDescription), then \(second?.testDescription ?? "nothing")"
            // Where the second is about something that the first has taken away, there is no such pair.
            var two = one
            if let second {
                guard let both = try await one.followed(by: second) else { continue }
                two = both
            }
            do {
                try await two.goThereAndBack(name)
            } catch {
                Issue.record("\(name): \(error)")
                return
            }
        }
    }

    /// Each seed is a sequence; a failure names it.
    @Test(arguments: UInt64(1)...12)
    func `a random sequence of changes goes there, back and there again`(seed: UInt64) async throws {
        var random = SeededNumbers(seed: seed)
        var models = try await ChangedModels()
        try await models.migrate()
        var names: [String] = []
        for change in ModelChange.all.shuffled(using: &random).prefix(14) {
            guard let next = try await models.followed(by: change) else { continue }
            names.append(change.testDescription)
            models = next
        }
        do {
            try await models.goThereAndBack("seed \(seed): \(names.joined(separator: ", "))")
        } catch {
            Issue.record("seed \(seed): \(names.joined(separator: ", ")): \(error)")
        }
    }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Models that were changed some times, and the migrations that lead there.
struct ChangedModels {
    private let state: ProjectState
    private let apps: [Migrations]
    private let loses: Set<String>

    /// The models at the beginning, and their first migrations.
    init() async throws {
        state = try Self.base()
        loses = []
        let empty = ["accounts", "blog"].map { Migrations(app: $0, []) }
        apps = try await Self.extended(empty, to: state)
    }

    private init(_ state: ProjectState, _ apps: [Migrations], _ loses: Set<String>) {
        self.state = state
        self.apps = apps
        self.loses = loses
    }

    /// The models after one more change; `nil` where it changes nothing.
    func followed(by change: ModelChange) async throws -> ChangedModels? {
        guard let next = change.applied(to: state) else { return nil }
        return ChangedModels(next, try await Self.extended(apps, to: next), loses.union(change.loses))
    }

    private static func extended(_ apps: [Migrations], to state: ProjectState) async throws -> [Migrations] {
        let drafts = try await MigrationAutodetector(try MigrationGraph(apps), schemas: state.models).changes(
            asking: value, renaming: { _ in true })
        let extended = apps.map { app in
            Migrations(app: app.app, app.list + drafts.filter { $0.app == app.app }.map(\.migration))
        }
        let left = try await MigrationAutodetector(try MigrationGraph(extended), schemas: state.models).changes()
        #expect(left.isEmpty, "what was detected leads to the models")
        return extended
    }

    /// The same value each time, so that rows can be compared.
    private static let value: DefaultQuestion.Answer = { question in
        switch question.kind {
        case .uuid: .uuid("0190a5f8-0000-7000-8000-000000000001")
        case .bool: .bool(true)
        case .decimal: .decimal("10.08")
        case .checkedChoices: .text("it's")
        case _ where question.read("1") == .integer(1): .integer(1)
        default: .text("it's \"x\"")
        }
    }

    func migrate() async throws {
        try await MigrationExecutor(Database.current, try MigrationGraph(apps)).migrate()
    }

    /// Migrates from the beginning to the end, back and to the end again, with rows that were there at the beginning.
    func goThereAndBack(_ name: String) async throws {
        let executor = MigrationExecutor(try Database.current, try MigrationGraph(apps))
        try await goBack(executor)
        try await ChangedRows.fill()
        let before = try await TableContents.all()
        try await executor.migrate()
        let after = try await TableContents.all()
        // SQLite keeps no comments.
        if try Database.current.dialect.name == "postgresql" { #expect(before != after, "\(name) changes something") }
        try await goBack(executor)
        let back = try await TableContents.all()
        #expect(back.map(\.schema) == before.map(\.schema), "\(name), undone: the tables")
        #expect(back.map { $0.rows(but: loses) } == before.map { $0.rows(but: loses) }, "\(name), undone: the rows")
        try await executor.migrate()
        let again = try await TableContents.all()
        #expect(again == after, "\(name), done again")
        try await goBack(executor)
    }

    private func goBack(_ executor: MigrationExecutor) async throws {
        // What renames a model of an app undoes what other apps have built on it.
        for app in ["blog", "accounts"] { try await executor.migrate(to: .migration(app: app, name: "0001_initial")) }
    }
}

extension ChangedModels {
    private static let key = FieldSchema("id", .auto, primaryKey: true)

    static func base() throws -> ProjectState {
        var state = ProjectState()
        try CreateModel(
            "User",
            fields: [key, .init("name", .char(maxLength: 50)), .init("email", .email(maxLength: 99), unique: true)]
        ).apply(to: &state, app: "accounts")
        try CreateModel(
            "Tag", fields: [.init("id", .uuid, primaryKey: true), .init("name", .char(maxLength: 9), unique: true)]
        )
        .apply(to: &state, app: "blog")
        try CreateModel(
            "Post",
            fields: [
                key, .init("title", .char(maxLength: 200)), .init("slug", .slug(maxLength: 50), index: true),
                .init("body", .text), .init("note", .text, null: true), .init("views", .integer),
                .init("author", .foreignKey(to: "accounts.User", onDelete: .cascade), index: true),
                .init("parent", .foreignKey(to: "blog.Post", onDelete: .setNull), null: true, index: true),
                .init("tags", .manyToMany(to: "blog.Tag")),
            ], indexes: [.init(name: "post_title_views_idx", fields: ["title", "views"])],
            constraints: [.check("views_positive", F("views") >= 0)], uniqueTogether: [["slug", "title"]]
        ).apply(to: &state, app: "blog")
        try CreateModel(
            "Note",
            fields: [
                key, .init("post", .foreignKey(to: "blog.Post", onDelete: .cascade), index: true), .init("text", .text),
            ]
        ).apply(to: &state, app: "blog")
        return state
    }
}
