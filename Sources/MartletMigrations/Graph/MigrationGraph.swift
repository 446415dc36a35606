/// All migrations of all apps, in an order in which they can be applied.
public struct MigrationGraph: Sendable {
    /// The apps, in the order given.
    public let apps: [Migrations]

    /// Every migration, each behind those it depends on; the same for the same apps.
    public let order: [MigrationName]

    private let migrations: [MigrationName: Migration]
    private let children: [MigrationName: [MigrationName]]

    /// The squashed migrations all of whose parts are applied.
    let squashedApplied: Set<MigrationName>

    /// What of the migrations concerns the database that they are planned for.
    private(set) var scope = MigrationScope.all

    /// The same migrations for one of several databases.
    func limited(to scope: MigrationScope) -> MigrationGraph {
        var graph = self
        graph.scope = scope
        return graph
    }

    /// Puts the migrations of apps in order.
    ///
    /// - Throws: ``MigrationError`` when a name is given twice, a dependency does not exist, or dependencies go round.
    public init(_ apps: [Migrations]) throws(MigrationError) {
        try self.init(apps, history: [])
    }

    /// Puts the migrations of apps in order for a database in which some are applied.
    init(_ apps: [Migrations], history: Set<MigrationName>) throws(MigrationError) {
        self.apps = apps
        let squashed = try SquashedMigrations(Self.collect(apps), history: history)
        let migrations = squashed.migrations
        self.migrations = migrations
        squashedApplied = squashed.applied
        let names = apps.flatMap { app in
            app.list.map { MigrationName(app: app.app, name: $0.name) }.sorted { $0.name < $1.name }
        }.filter { migrations[$0] != nil }
        var sorter = MigrationSorter(migrations: migrations)
        for name in names { try sorter.visit(name) }
        order = sorter.order
        var children: [MigrationName: [MigrationName]] = [:]
        for name in order {
            for dependency in migrations[name]?.dependencies ?? [] { children[dependency, default: []].append(name) }
        }
        self.children = children
    }

    private static func collect(_ apps: [Migrations]) throws(MigrationError) -> [MigrationName: Migration] {
        var migrations: [MigrationName: Migration] = [:]
        var labels: Set<String> = []
        for app in apps {
            guard labels.insert(app.app).inserted else {
                throw MigrationError(
                    .duplicate, "The app '\(app.app)' has two migration indexes.", "List its `Migrations` once.")
            }
            for migration in app.list {
                let name = MigrationName(app: app.app, name: migration.name)
                guard migrations.updateValue(migration, forKey: name) == nil else {
                    throw MigrationError(
                        .duplicate, "Two migrations are named '\(name)'.", "Rename one; rows of the history name them.")
                }
            }
        }
        return migrations
    }

    /// The migration of that name.
    public func migration(_ name: MigrationName) -> Migration? { migrations[name] }

    /// The index of an app.
    ///
    /// - Throws: ``MigrationError`` of kind `unknown` that lists the apps there are.
    public func app(_ label: String) throws(MigrationError) -> Migrations {
        if let app = apps.first(where: { $0.app == label }) { return app }
        let known = apps.map(\.app).joined(separator: ", ")
        throw MigrationError(
            .unknown, "There is no app '\(label)' with migrations.",
            known.isEmpty ? "No app has an index of migrations." : "Apps with migrations are: \(known).")
    }

    /// The migrations of an app that no other migration of it comes after; more than one is a conflict.
    public func leaves(of app: String) -> [MigrationName] {
        order.filter { name in
            name.app == app && !(children[name] ?? []).contains { $0.app == app }
        }
    }

    /// Refuses apps with several last migrations.
    ///
    /// - Throws: ``MigrationError`` of kind `conflict` that names them.
    public func requireNoConflicts() throws(MigrationError) {
        for app in apps {
            let leaves = leaves(of: app.app)
            guard leaves.count > 1 else { continue }
            throw MigrationError(
                .conflict,
                "The app '\(app.app)' has \(leaves.count) last migrations: \(leaves.map(\.name).joined(separator: ", ")).",
                "Join them by `makemigrations --merge`, or let one of them depend on the other.")
        }
    }

    /// A migration and all it depends on, in order.
    func withAncestors(of names: [MigrationName]) -> [MigrationName] {
        var wanted: Set<MigrationName> = []
        var open = names
        while let name = open.popLast() {
            guard wanted.insert(name).inserted else { continue }
            open += migrations[name]?.dependencies ?? []
        }
        return order.filter(wanted.contains)
    }

    /// The migrations of some apps and all they depend on, in order; of every app when none is named.
    public func order(toReach apps: [String]) -> [MigrationName] {
        apps.isEmpty ? order : withAncestors(of: order.filter { apps.contains($0.app) })
    }

    /// Migrations and all that depend on them, last first.
    func withDescendants(of names: [MigrationName]) -> [MigrationName] {
        var wanted: Set<MigrationName> = []
        var open = names
        while let name = open.popLast() {
            guard wanted.insert(name).inserted else { continue }
            open += children[name] ?? []
        }
        return order.reversed().filter(wanted.contains)
    }

    /// The migrations of the same app that come directly after one.
    func successors(of name: MigrationName) -> [MigrationName] {
        (children[name] ?? []).filter { $0.app == name.app }
    }

    /// The models after some of the migrations, or after all.
    ///
    /// - Throws: ``MigrationError`` that names the migration whose operation does not fit.
    public func state(after applied: Set<MigrationName>? = nil) throws(MigrationError) -> ProjectState {
        var state = ProjectState()
        for name in order where applied?.contains(name) ?? true { try apply(name, to: &state) }
        return state
    }

    func apply(_ name: MigrationName, to state: inout ProjectState) throws(MigrationError) {
        for (index, operation) in (migrations[name]?.operations ?? []).enumerated() {
            try place(name, index) { () throws(MigrationError) in try operation.apply(to: &state, app: name.app) }
        }
    }

    /// Says in an error which operation of which migration it is about.
    func place<Result>(
        _ name: MigrationName, _ index: Int, _ body: () throws(MigrationError) -> Result
    ) throws(MigrationError) -> Result {
        do {
            return try body()
        } catch {
            let operation = migrations[name].map { "\($0.operations[index])" } ?? ""
            throw MigrationError(
                error.kind, "Migration \(name), operation \(index + 1) (\(operation)): \(error.problem)", error.remedy,
                underlying: error.underlying)
        }
    }
}

/// Puts each migration behind those it depends on.
private struct MigrationSorter {
    let migrations: [MigrationName: Migration]
    var order: [MigrationName] = []
    private var done: Set<MigrationName> = []
    private var path: [MigrationName] = []

    init(migrations: [MigrationName: Migration]) {
        self.migrations = migrations
    }

    mutating func visit(_ name: MigrationName) throws(MigrationError) {
        guard !done.contains(name), let migration = migrations[name] else { return }
        if let start = path.firstIndex(of: name) {
            let circle = (path[start...] + [name]).map(\.description).joined(separator: " → ")
            throw MigrationError(
                .cycle, "Migrations depend on each other in a circle: \(circle).",
                "Move the operation that needs the other app into a migration of its own.")
        }
        path.append(name)
        for dependency in migration.dependencies.sorted(by: { $0.description < $1.description }) {
            guard migrations[dependency] != nil else {
                throw MigrationError(
                    .unknown, "Migration \(name) depends on '\(dependency)', which does not exist.",
                    "Check the spelling, and that it is listed in its app's index and the app in the project.")
            }
            try visit(dependency)
        }
        path.removeLast()
        done.insert(name)
        order.append(name)
    }
}
