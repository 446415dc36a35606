public import Martlet

/// The people who write.
public let accountsApp = App("accounts", models: [User.self], migrations: accountsMigrations)
