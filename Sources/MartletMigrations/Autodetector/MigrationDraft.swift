/// A migration that was found to be missing and is not written yet.
public struct MigrationDraft: Sendable {
    /// The app's label.
    public let app: String

    /// The migration.
    public let migration: Migration

    /// Makes a draft by hand.
    package init(app: String, migration: Migration) {
        self.app = app
        self.migration = migration
    }

    /// The property that the migration becomes, as the index lists it: `blog0002PostExcerpt`.
    public var property: String { propertyName(of: name) }

    /// The name with its app.
    public var name: MigrationName { MigrationName(app: app, name: migration.name) }
}

extension MigrationDraft {
    /// A migration with its operations folded; `nil` when none can be, or there is no such migration.
    public init?(optimizing name: MigrationName, in graph: MigrationGraph) {
        guard let migration = graph.migration(name) else { return nil }
        let operations = MigrationOptimizer.optimized(migration.operations, app: name.app)
        guard operations.count < migration.operations.count else { return nil }
        self.init(
            app: name.app,
            migration: Migration(
                name: migration.name, replaces: migration.replaces, dependencies: migration.dependencies,
                operations: operations))
    }

    /// The draft as a part of the migration that it would follow.
    ///
    /// - Parameter name: The name of that migration with its app.
    public func joined(with other: Migration, named name: MigrationName) -> MigrationDraft {
        let dependencies = Set(other.dependencies + migration.dependencies).subtracting([name])
        return MigrationDraft(
            app: app,
            migration: Migration(
                name: other.name, replaces: other.replaces,
                dependencies: dependencies.sorted { $0.description < $1.description },
                operations: MigrationOptimizer.optimized(other.operations + migration.operations, app: app)))
    }
}

extension Migration {
    /// A name that tells the operations, without a number, as Django chooses it.
    ///
    /// - Parameter stamp: Stands for operations that nothing tells, such as `20260131_0905`.
    static func suggestedName(for operations: [any MigrationOperation], stamp: String) -> String {
        let fragments = operations.compactMap(\.nameFragment)
        guard var name = fragments.first, fragments.count == operations.count else { return "auto_\(stamp)" }
        for fragment in fragments.dropFirst() {
            let longer = "\(name)_\(fragment)"
            // Longer names are hard to read in a list; the limit is Django's.
            if longer.count > 52 { return cleaned("\(name)_and_more") }
            name = longer
        }
        return cleaned(name)
    }

    /// A name of letters, digits and underscores, which every file system takes.
    private static func cleaned(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.prefix(100))
    }
}
