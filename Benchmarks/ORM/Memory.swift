import FoundationEssentials
import Glibc
import MartletORM
import MartletSQLite

/// Reads every row of a table of a SQLite file, a batch at a time, and prints how much the resident size had grown at
/// most since nothing but one row was read, in KiB.
///
/// The table is made where it is not there; what that leaves behind counts as read before, so the figure to take is that
/// of a second run.
func measureMemory(in file: String, rows: Int) async throws {
    let database = Database(SQLiteBackend(path: file), models: ModelRegistry([Article.self]))
    try await database.use {
        try await database.execute(Statement("CREATE TABLE IF NOT EXISTS article (\(Article.columns))"))
        while try await Article.objects.count() < rows { _ = try await Article.objects.createMany(Article.made()) }
    }
    await database.backend.close()
    let reading = Database(SQLiteBackend(path: file), models: ModelRegistry([Article.self]))
    // What the first query needs once is none of the loop's.
    let statement = try Article.objects.statement(on: reading)
    _ = try await reading.use { try await Article.objects.limit(1).all() }
    let before = residentSize()
    var (count, most) = (0, before)
    let batches = reading.batches(of: 1_000, statement) { row in
        Article(
            id: Int(try row.integer(at: 0)), title: try row.text(at: 1), body: try row.text(at: 2),
            createdAt: try row.dateTime(at: 3), views: Int(try row.integer(at: 4)), isActive: try row.bool(at: 5))
    }
    for try await articles in batches {
        count += articles.count
        most = max(most, residentSize())
    }
    print(#"{"rows":\#(count),"kibibytes":\#(most - before)}"#)
    await reading.backend.close()
}

/// The resident size of this process, in KiB.
private func residentSize() -> Int {
    // The second number is the resident pages.
    let pages = FileManager.default.contents(atPath: "/proc/self/statm").map { String(decoding: $0, as: UTF8.self) }
    return (pages?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize()) / 1024
}
