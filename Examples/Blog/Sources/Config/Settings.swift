import Martlet

/// The blog's settings: those that every site has, and what its `.env.example` says in place of their defaults.
@Sendable func makeSettings(_ reader: inout SettingsReader) -> Settings {
    reader.examples([
        "DEBUG": "false", "ALLOWED_HOSTS": "localhost,127.0.0.1", "DATABASE_URL": "sqlite:///data/blog.sqlite3",
        "KVDB_PREFIX": "blog", "LOG_FORMAT": "json", "EMAIL_SUBJECT_PREFIX": "[Blog]", "ENVIRONMENT": "production",
        // Docker's own networks.
        "TRUSTED_PROXIES": "172.16.0.0/12",
    ])
    return Settings(&reader)
}
