import MartletMigrations
import MartletORM

/// What `migrate --plan --explain` prints.
enum MigrationExplanation {
    static func lines(_ migrations: [ExplainedMigration], warnings: [MigrationWarning]) -> [String] {
        var lines: [String] = []
        for migration in migrations {
            lines.append("\(migration.step.name)\(migration.isAtomic ? "" : " (no transaction)")")
            let undo = migration.step.direction == .backwards ? "Undo " : ""
            for operation in migration.operations {
                lines.append("    \(undo)\(operation.description)")
                lines += operation.statements.flatMap(Self.lines).map { "        \($0)" }
            }
        }
        return lines + (warnings.isEmpty ? [] : [""]) + warnings.map { "\($0)" }
    }

    /// The statement on a line of its own, and a line for each lock below.
    private static func lines(_ statement: ExplainedMigration.Statement) -> [String] {
        [statement.sql + ";"] + notes(statement.effect).map { "    -- \($0)" }
    }

    private static func notes(_ effect: StatementEffect?) -> [String] {
        guard let effect else { return ["locks the whole database for writing; readers go on"] }
        var notes = effect.locks.map { lock in
            "\(lock.mode) on \(lock.table): \(whoWaits(lock.mode)); \(work(lock.work))"
        }
        if notes.isEmpty, effect.isKnown { notes = ["no lock that others would wait for"] }
        if !effect.isKnown { notes.append("not known to Martlet: look it up before it runs on a table in use") }
        return notes + [effect.saferWay].compactMap(\.self)
    }

    private static func whoWaits(_ mode: LockMode) -> String {
        mode.blocksReaders ? "readers and writers wait" : mode.blocksWriters ? "writers wait" : "nobody waits"
    }

    private static func work(_ work: StatementEffect.Work) -> String {
        switch work {
        case .none: "no look at the rows"
        case .scan: "all rows are read"
        case .rewrite: "all rows are rewritten"
        }
    }
}
