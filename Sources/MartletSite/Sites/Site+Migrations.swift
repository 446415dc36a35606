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
        try await migrationExecutor().migrate()
    }

    /// What applies and undoes the site's migrations, with the table of history that the settings name.
    ///
    /// - Parameter database: The name of one of the site's databases; the main one unless told.
    /// - Throws: ``MartletMigrations/MigrationError``; ``MartletORM/ORMError`` for a database that the site has not.
    public func migrationExecutor(on database: String? = nil) throws -> MigrationExecutor {
        let databases = databases ?? Databases(primary: self.database)
        let graph = try site.migrationGraph
        let history = settings.databaseUse.migrationsTable
        return try MigrationExecutor(
            databases, on: database.map(DatabaseAlias.init) ?? .primary, graph, history: history)
    }
}
