public import MartletORM

/// A statement of a migration that keeps others waiting for a large table.
public struct MigrationWarning: Sendable, Hashable, CustomStringConvertible {
    /// The migration, and which way.
    public let step: MigrationStep
    /// What the operation is for.
    public let operation: String
    /// The lock, and what is done while it is held.
    public let lock: StatementEffect.Lock
    /// The bytes of the table's rows.
    public let size: Int
    /// How the same is done without keeping others waiting.
    public let saferWay: String?

    /// `migrations.W010` for all rows written anew, `migrations.W011` for all rows read.
    public var id: String { lock.work == .rewrite ? "migrations.W010" : "migrations.W011" }

    /// The id, what waits for what, and the safer way.
    public var description: String { "\(id): \(sentence)" }

    /// What waits for what, and the safer way.
    package var sentence: String {
        let work = lock.work == .rewrite ? "writes all rows anew" : "reads all rows"
        let others = lock.mode.blocksReaders ? "read or write" : "write"
        let text =
            "\(step), \(operation): PostgreSQL \(work) of '\(lock.table)' (\(size.inBytes)), which nobody can "
            + "\(others) meanwhile."
        return saferWay.map { "\(text) \($0)" } ?? text
    }
}

extension MigrationExecutor {
    /// The statements of ``migrate(to:options:progress:)`` that keep others waiting for large tables.
    ///
    /// - Parameter limit: The bytes of rows up to which a table is not large: it is read or written in a moment.
    /// - Throws: ``MigrationError`` or ``DatabaseError``.
    public func warnings(
        to target: MigrationTarget = .latest, largerThan limit: Int = MigrationWarning.usualLimit
    ) async throws -> [MigrationWarning] {
        let sizes = try await editor.tableSizes(in: database).filter { $0.value > limit }
        guard !sizes.isEmpty else { return [] }
        return try await explain(to: target).flatMap { migration in
            migration.operations.flatMap { operation in
                operation.statements.flatMap { Self.warnings($0.effect, migration.step, operation.description, sizes) }
            }
        }
    }

    private static func warnings(
        _ effect: StatementEffect?, _ step: MigrationStep, _ operation: String, _ sizes: [String: Int]
    ) -> [MigrationWarning] {
        (effect?.locks ?? []).compactMap { lock in
            guard lock.work > .none, lock.mode.blocksWriters, let size = sizes[lock.table] else { return nil }
            return MigrationWarning(
                step: step, operation: operation, lock: lock, size: size, saferWay: effect?.saferWay)
        }
    }
}

extension MigrationWarning {
    /// 16 MiB: some hundred thousand rows, which are read in a moment and written anew in a second or two.
    public static let usualLimit = 16 << 20
}

extension Int {
    /// `512 kB`, `16 MB`: rounded down, in steps of 1024 as PostgreSQL's `pg_size_pretty` has them.
    fileprivate var inBytes: String {
        var (size, units) = (self, ["bytes", "kB", "MB", "GB", "TB"][...])
        while size >= 10_240, units.count > 1 {
            size /= 1024
            units = units.dropFirst()
        }
        return "\(size) \(units.first ?? "bytes")"
    }
}
