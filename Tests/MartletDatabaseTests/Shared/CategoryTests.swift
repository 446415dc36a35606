import FoundationEssentials
import MartletORM
import Testing

/// A model that refers to itself both ways.
private struct Category: Model {
    var id = 0
    var name = ""
    var parent: ForeignKey<Category>?
    var children = Related<Category>()
    var neighbours = ManyToMany<Category>()
    var neighbourOf = Related<Category>()

    static let appLabel = "library"
    static let table = Table<Category>(
        .auto(\.id),
        .char(\.name, maxLength: 50),
        .foreignKey(\.parent, onDelete: .cascade, relatedName: "children"),
        .reverse(\.children, through: \.parent),
        .manyToMany(\.neighbours),
        .reverse(\.neighbourOf, through: \.neighbours)
    )

    static let statements = [
        """
        CREATE TABLE "library_category" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(50) NOT NULL,
        "parent_id" integer REFERENCES "library_category" ("id") DEFERRABLE INITIALLY DEFERRED)
        """,
        """
        CREATE TABLE "library_category_neighbours" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
        "from_category_id" integer NOT NULL REFERENCES "library_category" ("id") DEFERRABLE INITIALLY DEFERRED,
        "to_category_id" integer NOT NULL REFERENCES "library_category" ("id") DEFERRABLE INITIALLY DEFERRED,
        UNIQUE ("from_category_id", "to_category_id"))
        """,
    ]
}

/// `birds` and `trains` at the top; `swifts` below birds, `martlets` below swifts; birds are neighbours of trains.
private struct Tree {
    let birds: Category
    let trains: Category
    let swifts: Category
    let martlets: Category

    static func make() async throws -> Tree {
        for sql in Category.statements { try await LibraryDatabase.create(sql) }
        func add(_ name: String, below parent: Category? = nil) async throws -> Category {
            try await Category.objects.create(Category(name: name, parent: parent.map { ForeignKey($0) }))
        }
        let birds = try await add("birds")
        let trains = try await add("trains")
        let swifts = try await add("swifts", below: birds)
        let martlets = try await add("martlets", below: swifts)
        try await birds.add([trains], to: \.neighbours)
        return Tree(birds: birds, trains: trains, swifts: swifts, martlets: martlets)
    }
}

@Suite(.library) struct CategoryTests {
    private func names(_ query: QuerySet<Category>) async throws -> [String] {
        try await query.all().map(\.name).sorted()
    }

    @Test func `conditions reach over a table's reference to itself`() async throws {
        let tree = try await Tree.make()
        #expect(try await names(Category.objects.filter { $0.parent.name == "birds" }) == ["swifts"])
        #expect(try await names(Category.objects.filter { $0.parent.parent.name == "birds" }) == ["martlets"])
        #expect(try await names(Category.objects.filter { $0.parent == tree.birds }) == ["swifts"])
        #expect(try await names(Category.objects.filter { $0.parent.id.isNull }) == ["birds", "trains"])
        #expect(
            try await names(Category.objects.filter { $0.parent != tree.birds }) == ["birds", "martlets", "trains"])
        #expect(
            try await names(Category.objects.exclude { $0.parent.parent.name == "birds" })
                == ["birds", "swifts", "trains"])
        #expect(try await names(Category.objects.filter { $0.children.children.name == "martlets" }) == ["birds"])
        #expect(
            try await names(Category.objects.exclude { $0.children.children.name == "martlets" })
                == ["martlets", "swifts", "trains"])
    }

    @Test func `a table's links to itself have two directions`() async throws {
        let tree = try await Tree.make()
        #expect(try await names(Category.objects.filter { $0.neighbours.name == "trains" }) == ["birds"])
        #expect(try await names(Category.objects.filter { $0.neighbourOf.name == "birds" }) == ["trains"])
        #expect(try await names(tree.birds.related(\.neighbours)) == ["trains"])
        #expect(try await names(tree.trains.related(\.neighbourOf)) == ["birds"])
        #expect(try await names(tree.trains.related(\.neighbours)) == [])
        #expect(try await names(Category.objects.filter { $0.neighbours.count == 1 }) == ["birds"])
        #expect(try await names(Category.objects.filter { $0.neighbourOf.count == 1 }) == ["trains"])
        let loaded = try await Category.objects.prefetch { $0.neighbours }.prefetch { $0.neighbourOf }.all()
        #expect(try loaded.map { try $0.neighbours.loaded.map(\.name) } == [["trains"], [], [], []])
        #expect(try loaded.map { try $0.neighbourOf.loaded.map(\.name) } == [[], ["birds"], [], []])
    }

    @Test func `two optional levels are read by one statement`() async throws {
        _ = try await Tree.make()
        let log = StatementLog()
        let rows = try await log.observing {
            try await Category.objects.selectRelated { $0.parent.parent }.selectRelated { $0.parent }
                .selectRelated { $0.parent.parent }.order { $0.id.ascending }.all()
        }
        #expect(log.statements.count == 1)
        #expect(try rows.map { try $0.parent?.loaded.name } == [nil, nil, "birds", "swifts"])
        #expect(try rows.last?.parent?.loaded.parent?.loaded.name == "birds")
        #expect(rows[2].parent.map { (try? $0.loaded.parent) == nil } == true)
    }

    @Test func `prefetch loads single rows, and levels below them`() async throws {
        _ = try await Tree.make()
        let rows = try await Category.objects.prefetch { $0.parent }.prefetch { $0.children.children }
            .order { $0.id.ascending }.all()
        #expect(try rows.map { try $0.parent?.loaded.name } == [nil, nil, "birds", "swifts"])
        #expect(try rows[0].children.loaded.map { try $0.children.loaded.map(\.name) } == [["martlets"]])
    }

    @Test func `a count looks through several relations and repeats no row`() async throws {
        _ = try await Tree.make()
        let counts: [(String, Int, Int)] = try await Category.objects.order { $0.id.ascending }
            .values { ($0.name, $0.children.count, $0.children.children.count) }
        #expect(counts.map(\.0) == ["birds", "trains", "swifts", "martlets"])
        #expect(counts.map(\.1) == [1, 0, 1, 0])
        #expect(counts.map(\.2) == [1, 0, 0, 0])
        #expect(try await names(Category.objects.filter { $0.parent.neighbours.count > 0 }) == ["swifts"])
        #expect(try await names(Category.objects.filter { $0.children.neighbourOf.count > 0 }) == [])
        #expect(try await names(Category.objects.filter { $0.neighbours.children.count > 0 }) == [])
        #expect(try await names(Category.objects.filter { $0.neighbourOf.children.count > 0 }) == ["trains"])
    }

    @Test func `a delete follows a table's reference to itself to its end`() async throws {
        let tree = try await Tree.make()
        let database = Database(try Database.current.backend, models: ModelRegistry([Category.self]))
        let deleted = try await database.use { try await tree.birds.delete() }
        #expect(deleted.count(of: Category.self) == 3)
        // The link to trains goes along.
        #expect(deleted.total == 4)
        #expect(try await names(Category.objects) == ["trains"])
    }

    @Test func `subqueries nest over one table`() async throws {
        _ = try await Tree.make()
        let top = Category.objects.filter { $0.parent.id.isNull }
        let second = Category.objects.filter { $0.parent.id.in(top) { $0.id } }
        let third = Category.objects.filter { $0.parent.id.in(second) { $0.id } && $0.parent.parent.name == "birds" }
        #expect(try await names(third) == ["martlets"])
        #expect(try await third.update { $0.name = "house martins" } == 1)
        #expect(try await names(third) == ["house martins"])
    }
}
