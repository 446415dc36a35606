import MartletMetrics
import MartletORM

/// Counts the statements of a site's databases by what they do and whether they succeed, and how long they take.
final class StatementMetrics: Sendable {
    private let finished = Counter(
        "database_statements_total", "SQL statements that have ended.", labels: "kind", "outcome", limit: 16)
    private let durations = Histogram(
        "database_statement_duration_seconds", "From a statement's start until its last row was read.",
        labels: "kind", buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
        limit: 16)

    var all: [any Metric] { [finished, durations] }

    @Sendable func observe(_ statement: StatementEvent) {
        let kind = Self.kind(of: statement.sql)
        finished[kind, statement.error == nil ? "ok" : "error"].increment()
        durations[kind].observe(statement.duration)
    }

    /// What a statement does, by its first word.
    static func kind(of sql: String) -> String {
        let word = sql.utf8.prefix(6).map { $0 | 0x20 }
        return known.first { word.starts(with: $0.word) }?.kind ?? "other"
    }

    private static let known = ["select", "insert", "update", "delete"].map { (word: Array($0.utf8), kind: $0) }
}
