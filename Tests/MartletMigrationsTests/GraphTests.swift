import MartletMigrations
import MartletORM
import MartletSQLite
import Testing

/// Migrations that cannot be put in order.
struct BrokenGraph: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let apps: [Migrations]
    let error: String
}

private func migration(_ name: String, _ dependencies: MigrationName...) -> Migration {
    Migration(name, dependencies: dependencies) { [] }
}

struct GraphTests {
    static let broken = [
        BrokenGraph(
            testDescription: "a circle",
            apps: [
                Migrations(app: "a", [migration("0001_x", "b.0001_y")]),
                Migrations(app: "b", [migration("0001_y", "a.0001_x")]),
            ],
            error: "Migrations depend on each other in a circle: a.0001_x → b.0001_y → a.0001_x. "
                + "Move the operation that needs the other app into a migration of its own."),
        BrokenGraph(
            testDescription: "a dependency on itself", apps: [Migrations(app: "a", [migration("0001_x", "a.0001_x")])],
            error: "Migrations depend on each other in a circle: a.0001_x → a.0001_x. "
                + "Move the operation that needs the other app into a migration of its own."),
        BrokenGraph(
            testDescription: "a missing dependency", apps: [Migrations(app: "a", [migration("0001_x", "b.0001_y")])],
            error: "Migration a.0001_x depends on 'b.0001_y', which does not exist. "
                + "Check the spelling, and that it is listed in its app's index and the app in the project."),
        BrokenGraph(
            testDescription: "a dependency without an app", apps: [Migrations(app: "a", [migration("0001_x", "0000")])],
            error: "Migration a.0001_x depends on '0000', which does not exist. "
                + "Check the spelling, and that it is listed in its app's index and the app in the project."),
        BrokenGraph(
            testDescription: "one name twice",
            apps: [Migrations(app: "a", [migration("0001_x"), migration("0001_x")])],
            error: "Two migrations are named 'a.0001_x'. Rename one; rows of the history name them."),
        BrokenGraph(
            testDescription: "one app twice", apps: [Migrations(app: "a", []), Migrations(app: "a", [])],
            error: "The app 'a' has two migration indexes. List its `Migrations` once."),
    ]

    @Test(arguments: broken)
    func `migrations that cannot be put in order are refused with their names`(_ example: BrokenGraph) {
        let error = #expect(throws: MigrationError.self) { try MigrationGraph(example.apps) }
        #expect(error?.description == example.error)
    }

    @Test func `each migration comes after those it depends on, whatever the order of the lists`() throws {
        let a = [migration("0001_a"), migration("0002_b", "a.0001_a", "z.0002_y"), migration("0003_c", "a.0002_b")]
        let z = [migration("0001_x"), migration("0002_y", "z.0001_x", "a.0001_a")]
        let expected = ["a.0001_a", "z.0001_x", "z.0002_y", "a.0002_b", "a.0003_c"]
        for list in [a, a.reversed()] {
            let graph = try MigrationGraph([Migrations(app: "a", list), Migrations(app: "z", z)])
            #expect(graph.order.map(\.description) == expected)
        }
    }

    @Test func `two last migrations of an app are a conflict that names them`() throws {
        let graph = try MigrationGraph([
            Migrations(
                app: "a", [migration("0001_x"), migration("0002_b", "a.0001_x"), migration("0002_c", "a.0001_x")])
        ])
        let error = #expect(throws: MigrationError.self) { try graph.plan(to: .latest, applied: []) }
        #expect(error?.kind == .conflict)
        #expect(error?.problem == "The app 'a' has 2 last migrations: 0002_b, 0002_c.")
    }

    @Test func `a target is found by the beginning of its name, if only one has it`() throws {
        let graph = try MigrationGraph([
            Migrations(
                app: "a", [migration("0001_x"), migration("0002_b", "a.0001_x"), migration("0002_c", "a.0002_b")])
        ])
        #expect(try graph.find("0001", in: "a") == "a.0001_x")
        #expect(try graph.find("0002_c", in: "a") == "a.0002_c")
        for (prefix, problem) in [
            ("0002", "More than one migration of 'a' begins with '0002'."), ("9", "The app 'a' has no migration '9'."),
            ("", "More than one migration of 'a' begins with ''."),
        ] {
            let error = #expect(throws: MigrationError.self) { try graph.find(prefix, in: "a") }
            #expect(error?.problem == problem)
        }
        let error = #expect(throws: MigrationError.self) { try graph.find("0001", in: "b") }
        #expect(error?.description == "There is no app 'b' with migrations. Apps with migrations are: a.")
    }

    @Test func `undoing takes along what depends on it in other apps`() throws {
        let graph = try MigrationGraph([
            Migrations(app: "a", [migration("0001_a"), migration("0002_b", "a.0001_a")]),
            Migrations(app: "z", [migration("0001_x", "a.0002_b")]),
        ])
        let all = Set(graph.order)
        #expect(
            try graph.plan(to: .migration(app: "a", name: "0001"), applied: all).map(\.description) == [
                "Unapplying z.0001_x", "Unapplying a.0002_b",
            ])
        #expect(try graph.plan(to: .zero(app: "z"), applied: all).map(\.description) == ["Unapplying z.0001_x"])
        #expect(try graph.plan(to: .zero(app: "z"), applied: []).isEmpty)
    }

    @Test func `a history with a gap is refused`() throws {
        let graph = try MigrationGraph([Migrations(app: "a", [migration("0001_a"), migration("0002_b", "a.0001_a")])])
        let error = #expect(throws: MigrationError.self) { try graph.plan(to: .latest, applied: ["a.0002_b"]) }
        #expect(error?.problem == "Migration a.0002_b is applied and a.0001_a, on which it depends, is not.")
    }

    @Test func `the arguments of migrate become a target`() {
        #expect(MigrationTarget(app: nil, name: nil) == .latest)
        #expect(MigrationTarget(app: "blog", name: nil) == .app("blog"))
        #expect(MigrationTarget(app: "blog", name: "0001") == .migration(app: "blog", name: "0001"))
        #expect(MigrationTarget(app: "blog", name: "zero") == .zero(app: "blog"))
    }
}

/// An operation that does not fit.
struct MisfitCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let operation: any MigrationOperation
    let problem: String
}

struct StateTests {
    static let initial = Migration("0001_initial") {
        CreateModel("Tag", fields: [.init("id", .uuid, primaryKey: true), .init("name", .char(maxLength: 5))])
        CreateModel(
            "Post",
            fields: [
                .init("id", .auto, primaryKey: true), .init("tag", .foreignKey(to: "blog.Tag", onDelete: .cascade)),
            ],
            indexes: [.init(name: "i", fields: ["tag"])])
    }

    static let misfits = [
        MisfitCase(
            testDescription: "an unknown model", operation: AddField("Pots", .init("x", .text)),
            problem: "There is no model 'blog.Pots' at this point."),
        MisfitCase(
            testDescription: "an unknown field", operation: RemoveField("Post", "titel"),
            problem: "Model 'blog.Post' has no field 'titel' at this point."),
        MisfitCase(
            testDescription: "a field twice", operation: AddField("Post", .init("tag", .text)),
            problem: "Model 'blog.Post' has a field 'tag' already."),
        MisfitCase(
            testDescription: "a field that an index needs", operation: RemoveField("Post", "tag"),
            problem: "An index or unique group of 'blog.Post' needs 'tag', which is no column at this point."),
        MisfitCase(
            testDescription: "a model that others refer to", operation: DeleteModel("Tag"),
            problem: "Model 'blog.Tag' is still referred to by blog.Post.tag."),
        MisfitCase(
            testDescription: "a model twice",
            operation: CreateModel("Tag", fields: [.init("id", .auto, primaryKey: true)]),
            problem: "Model 'blog.Tag' exists already."),
        MisfitCase(
            testDescription: "a table twice",
            operation: CreateModel("Other", fields: [.init("id", .auto, primaryKey: true)], table: "blog_tag"),
            problem: "The table 'blog_tag' of 'blog.Other' belongs to 'blog.Tag' already."),
        MisfitCase(
            testDescription: "no primary key", operation: CreateModel("Other", fields: [.init("x", .text)]),
            problem: "Model 'blog.Other' needs exactly one primary key."),
        MisfitCase(
            testDescription: "a relation to nowhere",
            operation: AddField("Post", .init("user", .foreignKey(to: "User", onDelete: .cascade), null: true)),
            problem: "'blog.Post.user' refers to '.User', which is no model at this point."),
        MisfitCase(
            testDescription: "a default of another kind",
            operation: AddField("Post", .init("n", .integer), default: .text("1")),
            problem: "The default text(\"1\") does not suit 'blog.Post.n'."),
        MisfitCase(
            testDescription: "a default that is no UUID",
            operation: AddField(
                "Post", .init("other", .foreignKey(to: "blog.Tag", onDelete: .cascade)), default: .uuid("1")),
            problem: "The default uuid(\"1\") does not suit 'blog.Post.other'."),
        MisfitCase(
            testDescription: "a column that becomes a table",
            operation: AlterField("Post", .init("tag", .manyToMany(to: "blog.Tag"))),
            problem:
                "'blog.Post.tag' cannot be altered from foreignKey(to: blog.Tag, onDelete: MartletORM.OnDelete.cascade) "
                + "to manyToMany(to: blog.Tag)."),
        MisfitCase(
            testDescription: "an unknown index", operation: RemoveIndex("Post", "j"),
            problem: "Model 'blog.Post' has no index 'j' at this point."),
        MisfitCase(
            testDescription: "an unknown field in a group", operation: AlterUniqueTogether("Post", [["tag", "x"]]),
            problem: "An index or unique group of 'blog.Post' needs 'x', which is no column at this point."),
        MisfitCase(
            testDescription: "an index over a relation without a column",
            operation: CreateModel(
                "Other", fields: [.init("id", .auto, primaryKey: true), .init("tags", .manyToMany(to: "blog.Tag"))],
                indexes: [.init(name: "j", fields: ["tags"])]),
            problem: "An index or unique group of 'blog.Other' needs 'tags', which is no column at this point."),
    ]

    @Test(arguments: misfits)
    func `an operation that does not fit is refused with its place`(_ example: MisfitCase) throws {
        let second = Migration("0002_change", dependencies: ["blog.0001_initial"]) { [example.operation] }
        let graph = try MigrationGraph([Migrations(app: "blog", [Self.initial, second])])
        let error = #expect(throws: MigrationError.self) {
            try graph.sql(for: "blog.0002_change", dialect: SQLiteDialect())
        }
        #expect(
            error?.problem == "Migration blog.0002_change, operation 1 (\(example.operation)): \(example.problem)")
    }
}
