public import MartletMigrations
import MartletORM

/// The table of sessions. Application and name are Django's, so a database that a Django site has migrated is taken as it
/// is.
public let sessionsMigrations = Migrations(
    app: "sessions",
    [
        Migration("0001_initial") {
            CreateModel(
                "Session",
                fields: [
                    .init("id", .char(maxLength: 40), column: "session_key", primaryKey: true),
                    .init("session_data", .text),
                    .init("expire_date", .dateTime, index: true),
                ], table: "django_session")
        }
    ])
