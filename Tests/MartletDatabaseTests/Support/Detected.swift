import MartletMigrations
import MartletORM

/// The migrations that `makemigrations` would write.
enum Detected {
    @TaskLocal static var current: [Migrations] = []

    static func migrations(for models: ModelRegistry, after existing: [Migrations] = []) async throws -> [Migrations] {
        let apps = Set(models.schemas.map(\.name.app)).sorted()
        let known = apps.map { app in existing.first { $0.app == app } ?? Migrations(app: app, []) }
        let drafts = try await MigrationAutodetector(MigrationGraph(known), models: models).changes()
        return known.map { app in
            Migrations(app: app.app, app.list + drafts.filter { $0.app == app.app }.map(\.migration))
        }
    }
}
