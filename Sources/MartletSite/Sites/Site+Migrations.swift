public import MartletMigrations
import MartletORM

extension Site {
    /// The migrations of all apps.
    ///
    /// - Throws: ``MartletMigrations/MigrationError`` for a circle, a missing dependency or a name used twice.
    public var migrationGraph: MigrationGraph {
        get throws(MigrationError) { try MigrationGraph(apps.compactMap(\.migrations)) }
    }
}

extension RunningSite {
    /// Applies every migration that is not applied.
    public func migrate() async throws {
        try await MigrationExecutor(database, site.migrationGraph).migrate()
    }
}
