public import MartletORM

/// What a migration does to a database, planned in full before anything is touched.
struct PlannedMigration: Sendable {
    /// What one operation does.
    struct Part: Sendable {
        let index: Int
        let operation: String
        let actions: [MigrationAction]
        /// The models before it.
        let before: ProjectState

        /// The statements among what it does.
        var steps: [SchemaStep] { actions.compactMap(\.step) }
    }

    let step: MigrationStep
    let parts: [Part]
    var isAtomic = true
    /// The file that the migration was compiled from.
    var file = ""

    /// The tables whose rows were copied, each once.
    var rebuiltTables: [String] {
        Set(parts.flatMap(\.steps).compactMap(\.rebuild?.table)).sorted()
    }
}

extension MigrationGraph {
    /// Plans a migration forwards, and changes the state.
    func planForwards(
        _ name: MigrationName, _ state: inout ProjectState, editor: any SchemaEditor
    ) throws(MigrationError) -> PlannedMigration {
        var parts: [PlannedMigration.Part] = []
        for (index, operation) in (migration(name)?.operations ?? []).enumerated() {
            let before = state
            let actions = try place(name, index) { () throws(MigrationError) in
                try operation.apply(to: &state, app: name.app)
                let place = OperationPlace(app: name.app, editor: editor, scope: scope)
                return try operation.plannedActions(from: before, to: state, at: place)
            }
            parts.append(.init(index: index, operation: operation.description, actions: actions, before: before))
        }
        return try planned(MigrationStep(name: name, direction: .forwards), parts)
    }

    /// Plans a migration backwards.
    ///
    /// - Parameter before: The models without the migration.
    func planBackwards(
        _ name: MigrationName, from before: ProjectState, editor: any SchemaEditor
    ) throws(MigrationError) -> PlannedMigration {
        var states = [before]
        let operations = migration(name)?.operations ?? []
        for (index, operation) in operations.enumerated() {
            var state = states[index]
            try place(name, index) { () throws(MigrationError) in try operation.apply(to: &state, app: name.app) }
            states.append(state)
        }
        var parts: [PlannedMigration.Part] = []
        for (index, operation) in operations.enumerated().reversed() {
            let actions = try place(name, index) { () throws(MigrationError) -> [MigrationAction] in
                let place = OperationPlace(app: name.app, editor: editor, scope: scope)
                let actions = try operation.plannedBackwardActions(
                    from: states[index + 1], to: states[index], at: place)
                if let actions { return actions }
                throw MigrationError(
                    .irreversible, "It cannot be undone.", "Give it a reverse, or restore a backup of the database.")
            }
            parts.append(
                .init(index: index, operation: operation.description, actions: actions, before: states[index + 1]))
        }
        return try planned(MigrationStep(name: name, direction: .backwards), parts)
    }

    /// What was planned, with what is to be known of its migration; refused where an operation cannot be part of the
    /// migration's transaction.
    private func planned(
        _ step: MigrationStep, _ parts: [PlannedMigration.Part]
    ) throws(MigrationError) -> PlannedMigration {
        let migration = migration(step.name)
        let isAtomic = migration?.isAtomic ?? true
        if isAtomic {
            for (index, operation) in (migration?.operations ?? []).enumerated() where operation.runsOutsideTransactions
            {
                try place(step.name, index) { () throws(MigrationError) in
                    throw MigrationError(
                        .state, "It cannot be part of a transaction.",
                        "Write `atomic: false` behind the migration's dependencies.")
                }
            }
        }
        return PlannedMigration(step: step, parts: parts, isAtomic: isAtomic, file: migration?.file ?? "")
    }

    /// The statements of a migration as text, as `manage sqlmigrate` prints them; no database is needed.
    ///
    /// - Parameters:
    ///   - dialect: The database's way to write SQL.
    ///   - backwards: Whether the migration is undone.
    /// - Throws: ``MigrationError``.
    public func sql(
        for name: MigrationName, dialect: any SQLDialect, backwards: Bool = false
    ) throws(MigrationError) -> String {
        guard migration(name) != nil else {
            throw MigrationError(.unknown, "There is no migration '\(name)'.", "`showmigrations` lists them.")
        }
        let ancestors = Set(withAncestors(of: [name])).subtracting([name])
        var state = try state(after: ancestors)
        let planned =
            try backwards
            ? planBackwards(name, from: state, editor: dialect.schemaEditor)
            : planForwards(name, &state, editor: dialect.schemaEditor)
        var lines = planned.isAtomic ? ["BEGIN;"] : []
        for part in planned.parts {
            lines += ["--", "-- \(part.operation)", "--"]
            let statements = part.steps.flatMap(\.statements)
            if part.actions.contains(where: { $0.step == nil }) {
                lines.append("-- THIS OPERATION RUNS CODE, WHICH CANNOT BE WRITTEN AS SQL")
            }
            lines += statements.isEmpty ? ["-- (no-op)"] : statements.map { "\($0);" }
        }
        return (lines + (planned.isAtomic ? ["COMMIT;"] : [])).joined(separator: "\n")
    }
}
