/// Which of the squashed migrations take the place of those they were made of, for a database with a history.
///
/// Source: [Django, squashing migrations](https://docs.djangoproject.com/en/5.2/topics/migrations/#migration-squashing).
struct SquashedMigrations {
    /// The migrations that there are for the database, each with dependencies among them.
    private(set) var migrations: [MigrationName: Migration]
    /// The squashed ones whose parts are all applied.
    private(set) var applied: Set<MigrationName> = []
    /// What stands for a name: a squashed migration for its parts, or the last part for a squashed one that waits.
    private var successors: [MigrationName: MigrationName] = [:]

    /// Decides for each squashed migration: where none or all of its parts are applied it takes their place, else they
    /// go on.
    ///
    /// - Throws: ``MigrationError`` of kind `history` when parts must go on and are no longer there.
    init(_ all: [MigrationName: Migration], history: Set<MigrationName>) throws(MigrationError) {
        migrations = all
        let squashed = all.filter { !$0.value.replaces.isEmpty }.keys.sorted { $0.description < $1.description }
        for name in squashed {
            guard let migration = all[name] else { continue }
            let done = migration.replaces.filter(history.contains)
            if done.isEmpty || done.count == migration.replaces.count {
                for part in migration.replaces { take(part, away: name) }
                if !done.isEmpty { applied.insert(name) }
            } else {
                try wait(name, migration, done)
            }
        }
        for (name, migration) in migrations { migrations[name] = redirected(name, migration) }
    }

    private mutating func take(_ part: MigrationName, away name: MigrationName) {
        migrations[part] = nil
        successors[part] = name
    }

    private mutating func wait(
        _ name: MigrationName, _ migration: Migration, _ done: [MigrationName]
    ) throws(MigrationError) {
        let open = migration.replaces.filter { !done.contains($0) }
        if let lost = (open + done).first(where: { migrations[$0] == nil && successors[$0] == nil }) {
            let missing = open.map(\.description)
            throw MigrationError(
                .history,
                "Of the migrations that \(name) replaces, \(done.count) are applied, \(missing.joined(separator: ", ")) "
                    + "not, and '\(lost)' is no longer in the project.",
                "Bring the replaced migrations back, migrate, and take them away again.")
        }
        migrations[name] = nil
        successors[name] = migration.replaces.last
    }

    private func redirected(_ name: MigrationName, _ migration: Migration) -> Migration {
        var dependencies: [MigrationName] = []
        for old in migration.dependencies {
            let new = standing(for: old)
            // What a squashed migration's parts needed of each other is inside it.
            if new == name, old != new { continue }
            if !dependencies.contains(new) { dependencies.append(new) }
        }
        return dependencies == migration.dependencies ? migration : migration.depending(on: dependencies)
    }

    /// What stands for a name now.
    private func standing(for name: MigrationName) -> MigrationName {
        var name = name
        // A chain is no longer than there are names, even if migrations replace each other in a circle.
        for _ in 0...successors.count {
            guard let next = successors[name] else { break }
            name = next
        }
        return name
    }
}

extension MigrationGraph {
    /// The same migrations for a database in which some are applied: squashed ones stand where they can.
    ///
    /// - Throws: ``MigrationError`` of kind `history` when a squashed migration is applied in part, and its parts are gone.
    func facing(_ history: Set<MigrationName>) throws(MigrationError) -> MigrationGraph {
        try MigrationGraph(apps, history: history).limited(to: scope)
    }

    /// What counts as applied where the history has these rows: also squashed migrations whose parts are applied.
    func applied(in history: Set<MigrationName>) -> Set<MigrationName> { history.union(squashedApplied) }

    /// The rows of the history that a migration stands for: its own, and those of the parts it replaces.
    func rows(of name: MigrationName) -> [MigrationName] { (migration(name)?.replaces ?? []) + [name] }
}
