import MartletORM

/// Several migrations of an app as one: what a new database goes through in their place.
///
/// ```swift
/// let squash = try MigrationSquash(graph, app: "blog", to: "blog.0004_post_excerpt")
/// ```
///
/// Source: [Django, squashing migrations](https://docs.djangoproject.com/en/5.2/topics/migrations/#migration-squashing).
public struct MigrationSquash: Sendable {
    /// The new migration, not written yet.
    public let draft: MigrationDraft
    /// The migrations it replaces, in order.
    public let replaced: [MigrationName]
    /// How many operations they have together.
    public let operationCount: Int
    /// The migrations whose code the new one goes on using: it cannot be copied, and must be moved before they go.
    public let lenders: [MigrationName]

    /// Squashes migrations.
    ///
    /// - Parameters:
    ///   - graph: All migrations.
    ///   - start: The first one; `nil` for the app's first.
    ///   - end: The last one.
    ///   - name: What stands behind the number; `squashed_` and the last one's name unless given.
    ///   - isOptimized: Whether operations are folded.
    /// - Throws: ``MigrationError`` when `start` does not come before `end`, the name is no name, or one of the migrations
    ///   is a squashed one itself.
    public init(
        _ graph: MigrationGraph, from start: MigrationName? = nil, to end: MigrationName, name: String? = nil,
        optimized isOptimized: Bool = true
    ) throws(MigrationError) {
        if let name { try MigrationAutodetector.check(name) }
        replaced = try Self.range(graph, start, end)
        var operations: [any MigrationOperation] = []
        var dependencies: Set<MigrationName> = []
        for part in replaced {
            guard let migration = graph.migration(part) else { continue }
            guard migration.replaces.isEmpty else {
                throw MigrationError(
                    .state, "\(part) is a squashed migration itself.",
                    "Take away the migrations it replaces and its `replaces:` when every database has them, and squash "
                        + "again.")
            }
            operations += migration.operations.enumerated().map { index, operation in
                operation.sourceIfAny == nil ? BorrowedOperation(operation, part, index) : operation
            }
            dependencies.formUnion(migration.dependencies)
        }
        operationCount = operations.count
        let own = Set(replaced)
        let optimized = isOptimized ? MigrationOptimizer.optimized(operations, app: end.app) : operations
        var seen: Set<MigrationName> = []
        lenders = optimized.compactMap { ($0 as? BorrowedOperation)?.lender }.filter { seen.insert($0).inserted }
        draft = MigrationDraft(
            app: end.app,
            migration: Migration(
                name: try Self.name(replaced[0], end, name, graph), replaces: replaced,
                dependencies: dependencies.subtracting(own).sorted { $0.description < $1.description },
                operations: optimized))
    }

    /// The migrations of the app from one to another.
    private static func range(
        _ graph: MigrationGraph, _ start: MigrationName?, _ end: MigrationName
    ) throws(MigrationError) -> [MigrationName] {
        let line = graph.withAncestors(of: [end]).filter { $0.app == end.app }
        guard let start else { return line }
        guard let first = line.firstIndex(of: start) else {
            throw MigrationError(
                .unknown, "'\(start)' does not come before '\(end)'.",
                "Migrations that do are: \(line.dropLast().map(\.name).joined(separator: ", ")).")
        }
        return Array(line[first...])
    }

    private static func name(
        _ first: MigrationName, _ end: MigrationName, _ name: String?, _ graph: MigrationGraph
    ) throws(MigrationError) -> String {
        let full = MigrationName(app: end.app, number: first.number ?? 1, name: name ?? "squashed_\(end.name)")
        guard graph.migration(full) == nil else {
            throw MigrationError(.duplicate, "There is a migration '\(full)' already.", "Give another name.")
        }
        return full.name
    }
}

/// An operation that has no source of its own, such as code: a squashed migration takes it from where it stands.
struct BorrowedOperation: ActingOperation {
    let original: any MigrationOperation
    let lender: MigrationName
    let index: Int

    init(_ original: any MigrationOperation, _ lender: MigrationName, _ index: Int) {
        self.original = original
        self.lender = lender
        self.index = index
    }

    var description: String { original.description }
    var nameFragment: String? { original.nameFragment }
    var targets: [ModelName] { original.targets }
    var isElidable: Bool { original.isElidable }

    func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try original.apply(to: &state, app: app)
    }

    func actions(
        from before: ProjectState, to after: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction] {
        try original.plannedActions(from: before, to: after, at: place)
    }

    func backwardActions(
        from after: ProjectState, to before: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction]? {
        try original.plannedBackwardActions(from: after, to: before, at: place)
    }
}

extension BorrowedOperation: SourceWritable {
    var source: SourceCode { .text("Migration.\(propertyName(of: lender)).operations[\(index)]") }
}
