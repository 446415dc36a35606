public import FoundationEssentials

/// The join of an app's branches: two people have each added a migration behind the same one.
///
/// ```swift
/// for merge in try MigrationMerge.needed(in: graph) { … }
/// ```
public struct MigrationMerge: Sendable {
    /// A last migration, and what leads to it and to no other.
    public struct Branch: Sendable {
        /// The last migration.
        public let leaf: MigrationName
        /// The migrations of the app that only this branch has, in order.
        public let migrations: [MigrationName]
        /// Their operations, in order.
        public let operations: [any MigrationOperation]
    }

    /// The app's label.
    public let app: String
    /// The branches, by the names of their ends.
    public let branches: [Branch]
    /// Why the order of the branches matters; `nil` when all orders give the same models.
    public let conflict: String?
    /// Whether there are statements or code, of which nobody but their author knows whether the order matters.
    public let runsOwnWork: Bool

    private let number: Int

    /// The merges that apps need.
    ///
    /// - Parameter apps: Only these; `nil` for all.
    /// - Throws: ``MigrationError``, when an app is unknown.
    public static func needed(
        in graph: MigrationGraph, apps: [String]? = nil
    ) throws(MigrationError) -> [MigrationMerge] {
        for app in apps ?? [] { _ = try graph.app(app) }
        return graph.apps.filter { apps?.contains($0.app) ?? true }.compactMap { app in
            let leaves = graph.leaves(of: app.app).sorted { $0.name < $1.name }
            return leaves.count > 1 ? MigrationMerge(app.app, leaves, graph) : nil
        }
    }

    private init(_ app: String, _ leaves: [MigrationName], _ graph: MigrationGraph) {
        self.app = app
        let ancestors = leaves.map { Set(graph.withAncestors(of: [$0])) }
        let common = ancestors.dropFirst().reduce(ancestors[0]) { $0.intersection($1) }
        branches = leaves.map { leaf in
            let own = graph.withAncestors(of: [leaf]).filter { !common.contains($0) && $0.app == app }
            return Branch(
                leaf: leaf, migrations: own, operations: own.flatMap { graph.migration($0)?.operations ?? [] })
        }
        number = leaves.compactMap(\.number).max() ?? 0
        let others = ancestors.reduce(common) { $0.union($1) }.filter { $0.app != app }
        conflict = Self.conflict(branches, app, startingWith: common.union(others), graph)
        runsOwnWork = branches.contains { $0.operations.contains(where: \.isOpaque) }
    }

    /// The migration that depends on all ends and does nothing.
    ///
    /// - Parameters:
    ///   - name: The name behind the number; made of the ends' names unless given.
    ///   - now: The moment that stands in the name when those would be too long.
    /// - Throws: ``MigrationError`` when the name is no name.
    public func draft(name: String? = nil, now: Date = .now) throws(MigrationError) -> MigrationDraft {
        if let name { try MigrationAutodetector.check(name) }
        let ends = "merge_\(branches.map(\.leaf.name).joined(separator: "_"))"
        // The limit is Django's.
        let text = name ?? (ends.count > 47 ? "merge_\(MigrationAutodetector.stamp(now))" : ends)
        let full = MigrationName(app: app, number: number + 1, name: text)
        return MigrationDraft(
            app: app, migration: Migration(name: full.name, dependencies: branches.map(\.leaf), operations: []))
    }

    /// What goes wrong, or comes out differently, when the branches are applied in the opposite order.
    private static func conflict(
        _ branches: [Branch], _ app: String, startingWith base: Set<MigrationName>, _ graph: MigrationGraph
    ) -> String? {
        do {
            let start = try graph.state(after: base)
            let forwards = try state(of: branches, from: start, app)
            let backwards = try state(of: branches.reversed(), from: start, app)
            return forwards == backwards ? nil : "the models that come out depend on which goes first."
        } catch {
            return error.problem
        }
    }

    private static func state(
        of branches: [Branch], from start: ProjectState, _ app: String
    ) throws(MigrationError) -> [ModelOutline] {
        var state = start
        for operation in branches.flatMap(\.operations) { try operation.apply(to: &state, app: app) }
        return state.models.map(ModelOutline.init).sorted { $0.name < $1.name }
    }
}

extension MigrationOperation {
    /// Whether only its author knows what it does.
    fileprivate var isOpaque: Bool {
        switch self {
        case is RunSQL, is RunSwift: true
        case let separate as SeparateDatabaseAndState:
            (separate.database + separate.state).contains { $0.isOpaque }
        default: false
        }
    }
}
