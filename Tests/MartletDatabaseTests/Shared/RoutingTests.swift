import FoundationEssentials
import MartletMigrations
import MartletORM
import MartletPostgreSQL
import MartletSQLite
import Testing

/// Several databases: two of PostgreSQL or two SQLite files, of which the second has a table of its own, so that it is
/// plain which one was read.
@Suite(.library) struct RoutingTests {
    private struct Stop: Error {}

    /// Sends people to the archive.
    private struct PeopleRouter: DatabaseRouter {
        func database(for model: ModelName, _ access: DatabaseAccess) -> DatabaseAlias? {
            model.name == "Person" ? DatabaseAlias("archive") : nil
        }
    }

    /// Runs a test with a second database that has the library's tables, too.
    private func withSecond(_ operation: @Sendable (Database, Database) async throws -> Void) async throws {
        let first = try Database.current
        guard first.dialect.name == "postgresql" else {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appendingPathComponent("second.sqlite3").path
            return try await Self.run(first, SQLiteBackend(path: file), operation)
        }
        try await FreshDatabase.providing {
            let fresh = try #require(FreshDatabase.current)
            try await Self.run(first, PostgreSQLBackend(fresh.configuration), operation)
        }
    }

    private static func run(
        _ first: Database, _ backend: any DatabaseBackend,
        _ operation: @Sendable (Database, Database) async throws -> Void
    ) async throws {
        let second = Database(backend, models: first.models)
        do {
            try await second.use { for sql in LibraryDatabase.tables { try await LibraryDatabase.create(sql) } }
            try await operation(first, second)
        } catch {
            await backend.close()
            throw error
        }
        await backend.close()
    }

    private func names() async throws -> [String] {
        try await Person.objects.order { $0.id }.all().map(\.name)
    }

    @Test func `rows are written to the primary and read from a replica, until something was written`() async throws {
        try await withSecond { primary, replica in
            try await replica.use { _ = try await Person.objects.create(Person(name: "on the replica")) }
            try await primary.use { _ = try await Person.objects.create(Person(name: "on the primary")) }
            let databases = Databases(primary: primary, replicas: [replica])
            try await databases.use {
                #expect(try await names() == ["on the replica"])
                #expect(try await Person.objects.count() == 1)
                #expect(try await Person.objects.exists())
                // A replica is what it says, and still there when it is asked for.
                #expect(try await Person.objects.using(.primary).get().name == "on the primary")
                try await Person.objects.create(Person(name: "new"))
                #expect(try await names() == ["on the primary", "new"])
                #expect(try await Person.objects.using(.replica).get().name == "on the replica")
            }
            // The next request has written nothing yet.
            let later = try await databases.use { try await names() }
            #expect(later == ["on the replica"])
            #expect(try await primary.use { try await names() } == ["on the primary", "new"])
        }
    }

    @Test func `a transaction reads from the primary, and so does who will write`() async throws {
        try await withSecond { primary, replica in
            try await primary.use { _ = try await Label.objects.create(Label(name: "known")) }
            let databases = Databases(primary: primary, replicas: [replica])
            try await databases.use {
                #expect(try await Label.objects.count() == 0)
                let (_, isNew) = try await Label.objects.getOrCreate({ $0.name == "known" }, or: Label(name: "known"))
                #expect(!isNew)
            }
            try await databases.use {
                let count = try await transaction { try await Label.objects.count() }
                #expect(count == 1)
            }
        }
    }

    @Test func `a write to a replica is refused`() async throws {
        try await withSecond { primary, replica in
            try await Databases(primary: primary, replicas: [replica]).use {
                let error = await #expect(throws: ORMError.self) {
                    try await Person.objects.using(.replica).create(Person(name: "lost"))
                }
                #expect(error?.description.hasPrefix("A replica is not written to") == true)
                await #expect(throws: ORMError.self) {
                    try await Person.objects.using(.replica).update { $0.name = "lost" }
                }
            }
            #expect(try await replica.use { try await names() } == [])
        }
    }

    @Test func `a router sends each model where it belongs, with all that its queries need`() async throws {
        try await withSecond { primary, archive in
            let databases = Databases(
                primary: primary, others: [DatabaseAlias("archive"): archive], router: PeopleRouter())
            try await databases.use {
                try await Person.objects.createMany([Person(name: "Ann"), Person(name: "Bob")])
                try await Label.objects.create(Label(name: "primary"))
                var ann = try await Person.objects.get { $0.name == "Ann" }
                ann.nickname = "A"
                try await ann.save()
                try await Person.objects.filter { $0.name == "Bob" }.update { $0.nickname = "B" }
                #expect(try await Person.objects.latest { $0.nickname }.name == "Bob")
                #expect(try databases.database(for: Person.self, .write) === archive)
                #expect(try databases.database(for: Label.self, .write) === primary)
            }
            #expect(try await archive.use { try await names() } == ["Ann", "Bob"])
            #expect(try await primary.use { try await names() } == [])
            #expect(try await primary.use { try await Label.objects.count() } == 1)
            #expect(try await archive.use { try await Label.objects.count() } == 0)
        }
    }

    /// Has one opinion on everything.
    private struct StubbornRouter: DatabaseRouter {
        let model: String
        let alias: DatabaseAlias?
        let allows: Bool?

        func database(for model: ModelName, _ access: DatabaseAccess) -> DatabaseAlias? {
            model.name == self.model ? alias : nil
        }

        func allowsMigration(of model: ModelName, on database: DatabaseAlias) -> Bool? {
            model.name == self.model ? allows : nil
        }

        func allowsMigration(ofApp app: String, on database: DatabaseAlias) -> Bool? { allows }
    }

    @Test func `of a chain of routers the first opinion counts, and none is the usual`() async throws {
        let archive = DatabaseAlias("archive")
        let chain = RouterChain([
            StubbornRouter(model: "Label", alias: nil, allows: nil),
            StubbornRouter(model: "Person", alias: archive, allows: false),
            StubbornRouter(model: "Person", alias: .primary, allows: true),
            StubbornRouter(model: "Book", alias: .primary, allows: true),
        ])
        try await withSecond { primary, second in
            let databases = Databases(
                primary: primary, replicas: [second], others: [archive: second], router: chain)
            try await databases.use {
                for access in [DatabaseAccess.read, .write] {
                    #expect(try databases.database(for: Person.self, access) === second)
                    #expect(try databases.database(for: Book.self, access) === primary)
                }
                // Nobody has an opinion on labels: written to the primary, and read from a replica.
                #expect(try databases.database(for: Label.self, .write) === primary)
                #expect(try databases.database(for: Label.self, .read) === second)
                try await Person.objects.create(Person(name: "Ann"))
                #expect(try await names() == ["Ann"])
            }
            #expect(try await primary.use { try await names() } == [])
            #expect(!databases.allowsMigration(of: Person.modelName, on: archive))
            #expect(databases.allowsMigration(of: Book.modelName, on: archive))
            #expect(databases.allowsMigration(of: Label.modelName, on: archive))
            #expect(chain.allowsMigration(ofApp: "library", on: archive) == false)
            #expect(RouterChain().allowsMigration(ofApp: "library", on: archive) == nil)
            #expect(RouterChain().database(for: Person.modelName, .read) == nil)
        }
    }

    @Test func `several replicas are read in turn, by many tasks at once as well`() async throws {
        try await withSecond { primary, second in
            let replicas = [second, Database(second.backend, models: second.models), primary]
            let databases = Databases(primary: primary, replicas: replicas)
            var counts = [0, 0, 0]
            for _ in 0..<3 {
                let chosen = try databases.database(.replica)
                for (index, replica) in replicas.enumerated() where chosen === replica { counts[index] += 1 }
            }
            #expect(counts == [1, 1, 1])
            let chosen = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<300 {
                    group.addTask {
                        let chosen = try databases.database(.replica)
                        return replicas.firstIndex { $0 === chosen }
                    }
                }
                return try await group.reduce(into: [Int?: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(chosen == [0: 100, 1: 100, 2: 100])
        }
    }

    /// Sends books, and with them their links, to the archive.
    private struct BooksRouter: DatabaseRouter {
        func database(for model: ModelName, _ access: DatabaseAccess) -> DatabaseAlias? {
            ["Book", "Label", "Person"].contains(model.name) ? DatabaseAlias("archive") : nil
        }
    }

    @Test func `links and references are written where their model's rows are`() async throws {
        try await withSecond { primary, archive in
            let databases = Databases(
                primary: primary, others: [DatabaseAlias("archive"): archive], router: BooksRouter())
            try await databases.use {
                let ann = try await Person.objects.create(Person(name: "Ann"))
                let book = try await Book.objects.create(Book(title: "Birds", author: ForeignKey(ann)))
                let (old, new) = (Label(name: "old"), Label(name: "new"))
                try await Label.objects.createMany([old, new])
                try await book.add([old], to: \.labels)
                #expect(try await book.related(\.labels).all().map(\.name) == ["old"])
                try await book.set([new], for: \.labels)
                #expect(try await book.related(\.labels).all().map(\.name) == ["new"])
                let made = try await book.create(Label(name: "made"), in: \.labels)
                try await book.remove([new], from: \.labels)
                #expect(try await book.related(\.labels).all().map(\.id) == [made.id])
                try await book.clear(\.labels)
                #expect(try await book.related(\.labels).count() == 0)
                try await book.add([old], to: \.labels)
            }
            #expect(try await archive.use { try await Book.objects.filter { $0.labels.name == "old" }.count() } == 1)
            #expect(try await primary.use { try await Label.objects.count() } == 0)
        }
    }

    @Test func `a change of links is a write, after which the primary is read`() async throws {
        try await withSecond { primary, replica in
            let label = Label(name: "new")
            let book = try await primary.use {
                let ann = try await Person.objects.create(Person(name: "Ann"))
                try await Label.objects.create(label)
                return try await Book.objects.create(Book(title: "Birds", author: ForeignKey(ann)))
            }
            try await Databases(primary: primary, replicas: [replica]).use {
                #expect(try await Book.objects.count() == 0)
                try await book.add([label], to: \.labels)
                #expect(try await book.related(\.labels).all().map(\.name) == ["new"])
            }
            try await Databases(primary: primary, replicas: [replica]).use {
                try await book.remove([label], from: \.labels)
                #expect(try await Book.objects.count() == 1)
            }
        }
    }

    @Test func `a query, a row and a whole block can name their database`() async throws {
        try await withSecond { primary, archive in
            let alias = DatabaseAlias("archive")
            try await Databases(primary: primary, others: [alias: archive]).use {
                try await Person.objects.using(alias).create(Person(name: "Ann"))
                var bob = Person(name: "Bob")
                try await bob.save(using: alias)
                #expect(bob.id == 2)
                #expect(try await names() == [])
                #expect(try await archive.use { try await names() } == ["Ann", "Bob"])
                try await bob.delete(using: alias)
                #expect(try await Person.objects.using(alias).get().name == "Ann")
                #expect(try await Person.objects.using(alias).delete().total == 1)
                let unknown = await #expect(throws: ORMError.self) {
                    _ = try await Person.objects.using(DatabaseAlias("'; DROP")).count()
                }
                #expect(
                    unknown?.description.hasPrefix(
                        "There is no database ''; DROP'; there are 'default', 'archive', 'replica'.") == true)
            }
            let single = await #expect(throws: ORMError.self) { _ = try await Person.objects.using(alias).count() }
            #expect(single?.description.contains("a single one is bound to this task") == true)
        }
    }

    /// Counts live in the archive, and all else in the primary.
    private struct StatisticsRouter: DatabaseRouter {
        func allowsMigration(of model: ModelName, on database: DatabaseAlias) -> Bool? {
            (model.app == "statistics") == (database == DatabaseAlias("archive"))
        }

        func allowsMigration(ofApp app: String, on database: DatabaseAlias) -> Bool? {
            (app == "statistics") == (database == DatabaseAlias("archive"))
        }
    }

    @Test func `each database gets the tables that the router allows, there and back`() async throws {
        let graph = try MigrationGraph([
            Migrations(
                app: "shop",
                [
                    Migration("0001_initial") {
                        CreateModel("Item", fields: [.init("id", .auto, primaryKey: true)])
                    }
                ]),
            Migrations(
                app: "statistics",
                [
                    Migration("0001_initial") {
                        CreateModel("Count", fields: [.init("id", .auto, primaryKey: true), .init("number", .integer)])
                        RunSQL(
                            "INSERT INTO statistics_count (number) VALUES (7)",
                            reverse: .sql("DELETE FROM statistics_count"))
                    }
                ]),
        ])
        try await withSecond { primary, archive in
            let alias = DatabaseAlias("archive")
            let databases = Databases(primary: primary, others: [alias: archive], router: StatisticsRouter())
            func tables(_ database: Database) async throws -> [String] {
                let names = try await database.dialect.schemaEditor.tableNames(in: database)
                return names.filter { $0.hasPrefix("shop_") || $0.hasPrefix("statistics_") }.sorted()
            }
            for alias in databases.aliases {
                let done = try await MigrationExecutor(databases, on: alias, graph).migrate()
                #expect(done.count == 2)
            }
            #expect(try await tables(primary) == ["shop_item"])
            #expect(try await tables(archive) == ["statistics_count"])
            #expect(try await archive.raw("SELECT number FROM statistics_count", as: Int.self) == [7])
            for alias in databases.aliases {
                try await MigrationExecutor(databases, on: alias, graph).migrate(to: .zero(app: "statistics"))
            }
            #expect(try await tables(archive) == [])
            #expect(try await tables(primary) == ["shop_item"])
            #expect(throws: ORMError.self) { try MigrationExecutor(databases, on: .replica, graph) }
        }
    }

    @Test func `transactions on two databases stand beside each other`() async throws {
        try await withSecond { primary, archive in
            let alias = DatabaseAlias("archive")
            let databases = Databases(primary: primary, others: [alias: archive])
            try await databases.use {
                try await transaction {
                    try await Person.objects.create(Person(name: "kept"))
                    try? await transaction(on: alias) {
                        try await Person.objects.using(alias).create(Person(name: "gone"))
                        #expect(try await Person.objects.using(alias).count() == 1)
                        // The outer one is still there: without it this would wait for the one connection that writes.
                        try await Person.objects.create(Person(name: "kept, too"))
                        throw Stop()
                    }
                    let count = try await transaction { try await Person.objects.count() }
                    #expect(count == 2)
                }
                #expect(try await Person.objects.using(alias).count() == 0)
                #expect(try await names() == ["kept", "kept, too"])
            }
        }
    }
}
