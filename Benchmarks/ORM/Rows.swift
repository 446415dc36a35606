import FoundationEssentials
import Glibc
import MartletORM
import MartletSQLite

/// Inserts, reads and gets 10,000 rows of a SQLite file, as `Benchmarks/Reference/sqlite_rows.c` does.
///
/// Wall time, since threads may wait for each other; one JSON object a line.
func measureRows(in file: String, rounds: Int) async throws {
    let database = Database(SQLiteBackend(path: file), models: ModelRegistry([Article.self]))
    try await database.use {
        try await database.execute(Statement("DROP TABLE IF EXISTS article"))
        try await database.execute(Statement("CREATE TABLE article (\(Article.columns))"))
        for _ in 0..<rounds { print(String(decoding: try JSONEncoder().encode(try await round()), as: UTF8.self)) }
    }
}

/// Milliseconds.
private struct Times: Encodable {
    var insert = 0.0
    var fetch = 0.0
    var get = 0.0
}

private func round() async throws -> Times {
    let database = try Database.current
    try await database.execute(Statement("DELETE FROM article"))
    try await database.execute(Statement("DELETE FROM sqlite_sequence"))
    // Otherwise it would be chance whose inserts end with a checkpoint of what both have written.
    try await database.execute(Statement("PRAGMA wal_checkpoint(TRUNCATE)"))
    var times = Times()
    times.insert = try await milliseconds { _ = try await Article.objects.createMany(Article.made()) }
    times.fetch = try await milliseconds {
        let articles = try await Article.objects.all()
        guard articles.count == Article.count, articles.last?.title == "Article number 10000" else { exit(3) }
    }
    let order = Array(1...Article.count).shuffled()
    times.get = try await milliseconds {
        for id in order {
            let article = try await Article.objects.get { $0.id == id }
            guard article.views == id % 5000 else { exit(3) }
        }
    }
    return times
}

private func milliseconds(_ operation: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await operation()
    return start.duration(to: .now) / .milliseconds(1)
}
