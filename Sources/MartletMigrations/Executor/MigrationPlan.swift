/// A migration that will be applied or undone.
public struct MigrationStep: Sendable, Hashable, CustomStringConvertible {
    /// Which way.
    public enum Direction: Sendable, Hashable {
        /// The migration is applied.
        case forwards
        /// The migration is undone.
        case backwards
    }

    /// The migration.
    public let name: MigrationName

    /// Which way.
    public let direction: Direction

    /// `Applying blog.0001_initial` or `Unapplying blog.0001_initial`.
    public var description: String { "\(direction == .forwards ? "Applying" : "Unapplying") \(name)" }
}

extension MigrationGraph {
    /// What is to be done to reach a target.
    ///
    /// - Parameter applied: The migrations that are applied.
    /// - Throws: ``MigrationError`` when the target does not exist, an app has several last migrations, or an applied
    ///   migration depends on one that is not.
    public func plan(to target: MigrationTarget, applied: Set<MigrationName>) throws(MigrationError) -> [MigrationStep]
    {
        try checkHistory(applied)
        switch target {
        case .latest:
            try requireNoConflicts()
            return forwards(apps.flatMap { leaves(of: $0.app) }, applied)
        case .app(let label):
            try requireNoConflicts()
            return forwards(leaves(of: try app(label).app), applied)
        case .zero(let label):
            let all = try app(label).list.map { MigrationName(app: label, name: $0.name) }
            return backwards(all, applied)
        case .migration(let label, let prefix):
            let name = try find(prefix, in: label)
            guard applied.contains(name) else { return forwards([name], applied) }
            return backwards(successors(of: name), applied)
        }
    }

    private func forwards(_ names: [MigrationName], _ applied: Set<MigrationName>) -> [MigrationStep] {
        withAncestors(of: names).filter { !applied.contains($0) }.map { MigrationStep(name: $0, direction: .forwards) }
    }

    private func backwards(_ names: [MigrationName], _ applied: Set<MigrationName>) -> [MigrationStep] {
        withDescendants(of: names).filter(applied.contains).map { MigrationStep(name: $0, direction: .backwards) }
    }

    private func checkHistory(_ applied: Set<MigrationName>) throws(MigrationError) {
        for name in order where applied.contains(name) {
            for dependency in migration(name)?.dependencies ?? [] where !applied.contains(dependency) {
                throw MigrationError(
                    .history, "Migration \(name) is applied and \(dependency), on which it depends, is not.",
                    "Correct the rows of 'django_migrations', or the dependencies.")
            }
        }
    }
}
