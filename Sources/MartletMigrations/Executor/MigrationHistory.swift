/// Where the applied migrations are kept.
public enum MigrationHistory {
    /// The table that Django keeps them in, and Martlet too unless told: both can work on one database.
    public static let djangoTable = "django_migrations"

    /// Whether a text can be the name of the table: letters, digits and underscores, at most 63 bytes.
    ///
    /// PostgreSQL would cut a longer name and never find the table again.
    public static func isTable(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 63 && !name.lowercased().hasPrefix("sqlite_")
            && name.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
    }
}
