import FoundationEssentials
import Glibc
import MartletORM
import MartletPostgreSQL
import MartletSQLite

/// Reads every row of a table, some at a time, and prints how much the resident size had grown at most since nothing but
/// one row was read, in KiB.
///
/// The table is filled where it lacks rows; what that leaves behind counts as read before, so the figure to take is that
/// of a second run.
///
/// - Parameter place: The file of a SQLite database, or the URL of one of PostgreSQL.
func measureMemory(in place: String, rows: Int) async throws {
    try await fill(place, rows)
    let database = database(at: place)
    try await database.use {
        // What the first query needs once is none of the loop's.
        for try await _ in Article.objects.limit(1).stream() {}
        let before = residentSize()
        var (count, most, views) = (0, before, 0)
        for try await article in Article.objects.stream() {
            count += 1
            views += article.views
            if count % 1_000 == 0 { most = max(most, residentSize()) }
        }
        print(#"{"rows":\#(count),"kibibytes":\#(most - before),"checksum":\#(views)}"#)
    }
    await database.backend.close()
}

private func database(at place: String) -> Database {
    let backend: any DatabaseBackend =
        place.hasPrefix("postgresql://") ? PostgreSQLBackend(url: place) : SQLiteBackend(path: place)
    return Database(backend, models: ModelRegistry([Article.self]))
}

private func fill(_ place: String, _ rows: Int) async throws {
    let database = database(at: place)
    let columns = place.hasPrefix("postgresql://") ? Article.columnsOfPostgreSQL : Article.columns
    try await database.use {
        try await database.execute(Statement("CREATE TABLE IF NOT EXISTS article (\(columns))"))
        while try await Article.objects.count() < rows { _ = try await Article.objects.createMany(Article.made()) }
    }
    await database.backend.close()
}

/// The resident size of this process, in KiB.
private func residentSize() -> Int {
    // The second number is the resident pages.
    let pages = FileManager.default.contents(atPath: "/proc/self/statm").map { String(decoding: $0, as: UTF8.self) }
    return (pages?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize()) / 1024
}
