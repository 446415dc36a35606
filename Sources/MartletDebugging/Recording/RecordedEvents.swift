import FoundationEssentials
import MartletCache
import MartletLogging
import MartletORM
import Runtime

/// A statement of a request, as the toolbar keeps it.
struct RecordedStatement: Sendable {
    /// Its place among the statements of the request, from 1.
    let number: Int
    /// When it began, from the beginning of the request.
    let start: Duration
    let sql: String
    /// What it was run with; `nil` where that is too much to keep, or the SQL is not whole.
    let parameters: [SQLValue]?
    let duration: Duration
    let rows: Int
    let error: String?
    let isInTransaction: Bool
    /// Where it can be explained.
    let database: Database
    let trace: Backtrace?

    /// Statements of one shape differ in their values only; `nil` for those that read and write no rows.
    let shape: String?

    /// Only a statement that reads or writes rows has a plan, and only what is whole can be asked for.
    var canBeExplained: Bool { shape != nil && parameters != nil && error == nil }
}

/// A call of a cache.
struct RecordedCacheCall: Sendable {
    let start: Duration
    let command: String
    let keys: [String]
    let hits: Int?
    let backend: String
    let duration: Duration
    let error: String?

    init(_ event: CacheEvent, start: Duration) {
        self.start = start
        command = event.command
        // A call for ten thousand keys is no better understood by all of them.
        keys =
            event.keys.prefix(20).map { String($0.prefix(250)) }
            + (event.keys.count > 20 ? ["… and \(event.keys.count - 20) more"] : [])
        hits = event.hits
        backend = "\(event.backend)".replacing("Backend", with: "")
        duration = event.duration
        error = event.error.map { "\($0)" }
    }
}

extension SQLValue {
    /// How many bytes it takes about, which decides whether it is kept.
    var size: Int {
        switch self {
        case .text(let text), .json(let text): text.utf8.count + 16
        case .bytes(let bytes): bytes.count + 16
        default: 32
        }
    }

    /// The value for people, cut where it is long.
    var shown: String {
        switch self {
        case .null: "NULL"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .decimal(let number): "\(number)"
        case .text(let text), .json(let text): Self.quoted(text)
        case .bytes(let bytes): "\(bytes.count) bytes"
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .dateTime(let date): date.ISO8601Format()
        case .date(let date): "\(date)"
        case .time(let time): "\(time)"
        case .duration(let duration): "\(duration)"
        }
    }

    private static func quoted(_ text: String) -> String {
        let limit = 200
        return "'\(text.prefix(limit))\(text.count > limit ? "…" : "")'"
    }
}
