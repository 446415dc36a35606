import MartletORM
import Testing

extension Trait where Self == ModelsDatabase {
    /// Fresh databases with the tables of some models, and with the extensions that their rules need.
    static func migrated(_ models: any Model.Type...) -> Self { Self(models: models, extensions: ruleExtensions) }

    /// A fresh PostgreSQL database with the tables of some models.
    static func migratedPostgreSQL(_ models: any Model.Type...) -> Self {
        Self(models: models, extensions: ruleExtensions, onlyPostgreSQL: true)
    }
}

private let ruleExtensions = ["btree_gist", "pg_trgm", "unaccent"]

/// Whether the test runs on PostgreSQL.
func isPostgreSQL() throws -> Bool { try Database.current.dialect.name == "postgresql" }
