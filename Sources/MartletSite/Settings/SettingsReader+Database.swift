import MartletLogging

extension SettingsReader {
    /// Where the database is and how it is used: one URL, or parts with names of their own.
    mutating func databases(isDebugging: Bool) -> (DatabaseURL, DatabaseSettings) {
        section("The database")
        declare(
            "DATABASE_URL", default: Self.standardDatabase, isSecret: true,
            about:
                "Where the data is: sqlite:///data/blog.sqlite3, with three slashes for a path below the site's folder "
                + "and four for an absolute one; or postgresql://user:password@host:5432/database?sslmode=require, where "
                + "characters such as @ / # % of a password are percent-encoded. Or else the parts below.")
        let url = entry("DATABASE_URL")
        let parts = databaseParts()
        var database = parts.url ?? DatabaseURL(path: "db.sqlite3")
        if let url, let part = parts.first {
            report(
                "DATABASE_URL (\(url.origin)) and \(part) (\(environment[part]?.origin ?? "")) are both set, and both say "
                    + "where the database is. Keep one of them.")
        } else if let url {
            database = databaseURL("DATABASE_URL", url.value, url.origin) ?? database
        }
        showDatabase(url?.value ?? (parts.first == nil ? Self.standardDatabase : nil))
        return (database, DatabaseSettings(&self, isDebugging: isDebugging))
    }

    private static var standardDatabase: String { "sqlite:///db.sqlite3" }

    /// A URL whose password is hidden shows what is wrong with it better than one that is hidden as a whole.
    private mutating func showDatabase(_ url: String?) {
        resolve("DATABASE_URL", as: url.map { representation(of: MaskedText.url($0)) } ?? "none")
    }

    /// Reads a URL, and says which of its characters is wrong.
    mutating func databaseURL(_ name: String, _ text: String, _ origin: String) -> DatabaseURL? {
        var problem: String?
        if let url = DatabaseURL(text, problem: { problem = $0 }) { return url }
        let expected =
            problem
            ?? "the URL of an SQLite file, such as sqlite:///data/blog.sqlite3, or of a PostgreSQL database, such as "
            + "postgresql://user:password@host/database"
        report("\(name) (\(origin)) is \(representation(of: MaskedText.url(text))); it must be \(expected).")
        return nil
    }

    private enum Engine { case postgreSQL, sqlite }

    /// The database in parts, and the first of them that is set.
    private mutating func databaseParts() -> (url: DatabaseURL?, first: String?) {
        let names = [
            "DB_ENGINE", "APP_DB_NAME", "APP_DB_USER", "APP_DB_PASSWORD", "APP_DB_PASSWORD_FILE", "DB_HOST", "DB_PORT",
        ]
        let first = names.first { environment[$0] != nil }
        var engine = Engine.postgreSQL
        read(
            "DB_ENGINE", expected: "one of postgresql, sqlite", into: &engine, default: "postgresql",
            about: "The kind of database that the parts below name: postgresql or sqlite."
        ) { text in
            switch text.lowercased() {
            case "postgresql", "postgres", "django.db.backends.postgresql": .postgreSQL
            case "sqlite", "sqlite3", "django.db.backends.sqlite3": .sqlite
            default: nil
            }
        }
        let name = optionalText("APP_DB_NAME", example: "blog", about: "The name of the database; of SQLite, its file.")
        let user = optionalText("APP_DB_USER", example: "blog", about: "Who logs in there.")
        let password = optionalSecret("APP_DB_PASSWORD", about: "The password, as it is: nothing is percent-encoded.")
        let host = text(
            "DB_HOST", default: "localhost", about: "The database server, or the folder of its Unix socket.")
        let port = int("DB_PORT", default: 5432, in: 1...65_535, about: "Its port.")
        guard let first else { return (nil, nil) }
        guard let name else {
            // Which of the ways was meant is known only when one of them is begun.
            if environment["DATABASE_URL"] == nil {
                require(
                    "APP_DB_NAME", "the name of the database, since \(first) is set; or else set DATABASE_URL alone")
            }
            return (nil, first)
        }
        if engine == .sqlite { return (DatabaseURL(path: name), first) }
        return (DatabaseURL(host: host, port: port, name: name, user: user, password: password?.revealed), first)
    }
}
