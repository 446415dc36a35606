import Testing

/// What only PostgreSQL does; each test has a database of its own on the tests' server.
@Suite(.freshDatabase) enum PostgreSQLTests {}
