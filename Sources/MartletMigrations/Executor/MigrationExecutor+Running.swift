import MartletORM

extension MigrationExecutor {
    /// Runs one migration, and writes the history.
    func run(
        _ migration: PlannedMigration, _ options: MigrationOptions,
        _ progress: @escaping @Sendable (MigrationEvent) -> Void
    ) async throws {
        let start = ContinuousClock.now
        let step = migration.step
        progress(.began(step))
        var isFake = options.isFake
        if !isFake, options.fakesInitial, step.direction == .forwards { isFake = try await isThere(step.name) }
        if isFake {
            try await inTransaction(of: migration, checking: []) { try await record(step) }
        } else if migration.isAtomic {
            try await inTransaction(of: migration, checking: migration.rebuiltTables) {
                for part in migration.parts {
                    try await naming(part, of: migration) {
                        for action in part.actions { try await run(action, of: step, progress) }
                    }
                }
                try await record(step)
            }
        } else {
            for part in migration.parts { try await runByItself(part, of: migration, progress) }
            try await inTransaction(of: migration, checking: []) { try await record(step) }
        }
        progress(.ended(step, isFake ? .faked : .done(start.duration(to: .now))))
    }

    /// Runs an operation of a migration without a transaction: in one of its own, but for statements that want none.
    private func runByItself(
        _ part: PlannedMigration.Part, of migration: PlannedMigration,
        _ progress: @escaping @Sendable (MigrationEvent) -> Void
    ) async throws {
        for action in part.actions {
            try await naming(part, of: migration) {
                // Code says itself what belongs together, so that it can work in batches.
                guard let step = action.step, !step.runsAlone else {
                    return try await run(action, of: migration.step, progress)
                }
                try await editor.transaction(on: database, checking: [step.rebuild?.table].compactMap(\.self)) {
                    try await editor.run(step, on: database)
                }
            }
        }
    }

    private func run(
        _ action: MigrationAction, of migration: MigrationStep,
        _ progress: @escaping @Sendable (MigrationEvent) -> Void
    ) async throws {
        switch action {
        case .schema(let step): try await editor.run(step, on: database)
        case .code(let code, let models):
            let data = MigrationData(database: database, models: models) { model, done, total in
                progress(.working(migration, model, done: done, total: total))
            }
            try await database.use { try await code(data) }
        }
    }

    private func record(_ step: MigrationStep) async throws {
        for name in graph.rows(of: step.name) {
            switch step.direction {
            case .forwards: try await recorder.record(name)
            case .backwards: try await recorder.forget(name)
            }
        }
    }

    private func inTransaction(
        of migration: PlannedMigration, checking tables: [String], _ operation: @Sendable () async throws -> Void
    ) async throws {
        do {
            try await editor.transaction(on: database, checking: tables, operation)
        } catch let error as DatabaseError {
            throw MigrationError(
                .failed, "\(migration.step) failed at its end; \(Self.aftermath(migration, nil))",
                "Correct the rows or the migration, and migrate again.", underlying: error)
        }
    }

    /// Says in an error which operation of which file it is about.
    private func naming(
        _ part: PlannedMigration.Part, of migration: PlannedMigration, _ operation: () async throws -> Void
    ) async throws {
        do {
            try await operation()
        } catch {
            let file = migration.file.isEmpty ? "" : " of \(migration.file)"
            throw MigrationError(
                .failed,
                "\(migration.step) failed at operation \(part.index + 1)\(file), \(part.operation); "
                    + Self.aftermath(migration, part),
                Self.remedy(for: error), underlying: error)
        }
    }

    /// What has become of the database.
    private static func aftermath(_ migration: PlannedMigration, _ part: PlannedMigration.Part?) -> String {
        let isFirst = part.map { $0.index == migration.parts.first?.index } ?? false
        return migration.isAtomic || isFirst
            ? "the database is as before the migration."
            : "the operations before it stay, as the migration is not atomic."
    }

    private static func remedy(for error: any Error) -> String {
        switch (error as? DatabaseError)?.kind {
        case .notNullViolation:
            "There are rows that need a value: write `default:` behind the field in the migration."
        case .uniqueViolation:
            "Rows have the same value: change them first, or give each a value of its own."
        case .checkViolation:
            "There are rows that break the rule: change them first, or change the rule."
        default:
            "Correct the rows or the migration, and migrate again."
        }
    }
}
