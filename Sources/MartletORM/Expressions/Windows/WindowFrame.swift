/// Which of the rows around a row a window function looks at.
///
/// ```swift
/// $0.views.average().over(orderBy: $0.day.ascending, frame: .rows(from: .preceding(6), to: .currentRow))
/// ```
///
/// Source: [Django, window frames](https://docs.djangoproject.com/en/5.2/ref/models/expressions/#frames).
public struct WindowFrame: Sendable {
    /// One end of a frame.
    public struct Bound: Sendable {
        fileprivate let sql: String
        /// The place along the rows, so that an end before its start is found.
        fileprivate let place: Int

        /// The first row.
        public static let unboundedPreceding = Bound(sql: "UNBOUNDED PRECEDING", place: .min)
        /// The row itself.
        public static let currentRow = Bound(sql: "CURRENT ROW", place: 0)
        /// The last row.
        public static let unboundedFollowing = Bound(sql: "UNBOUNDED FOLLOWING", place: .max)

        /// So many rows, groups or units before the row; 0 or more.
        public static func preceding(_ count: Int) -> Bound { at(count, "PRECEDING", -1) }

        /// So many rows, groups or units behind the row; 0 or more.
        public static func following(_ count: Int) -> Bound { at(count, "FOLLOWING", 1) }

        private static func at(_ count: Int, _ word: String, _ sign: Int) -> Bound {
            // An empty text stands for a count that is none.
            Bound(sql: count < 0 ? "" : "\(count) \(word)", place: count < 0 ? 0 : sign * Swift.min(count, .max - 1))
        }
    }

    /// Rows inside the ends that are left out.
    public enum Exclusion: String, Sendable {
        /// The row itself.
        case currentRow = "CURRENT ROW"
        /// The row and those that stand at the same place of the order.
        case group = "GROUP"
        /// Those that stand at the same place of the order, but not the row itself.
        case ties = "TIES"
    }

    private let unit: String
    private let start: Bound
    private let end: Bound
    private let exclusion: Exclusion?

    /// Counts rows.
    public static func rows(
        from start: Bound = .unboundedPreceding, to end: Bound = .currentRow, excluding: Exclusion? = nil
    ) -> WindowFrame {
        WindowFrame(unit: "ROWS", start: start, end: end, exclusion: excluding)
    }

    /// Counts by the difference to the row's own value in the order, which must be one number.
    public static func range(
        from start: Bound = .unboundedPreceding, to end: Bound = .currentRow, excluding: Exclusion? = nil
    ) -> WindowFrame {
        WindowFrame(unit: "RANGE", start: start, end: end, exclusion: excluding)
    }

    /// Counts groups of rows that stand at the same place of the order.
    public static func groups(
        from start: Bound = .unboundedPreceding, to end: Bound = .currentRow, excluding: Exclusion? = nil
    ) -> WindowFrame {
        WindowFrame(unit: "GROUPS", start: start, end: end, exclusion: excluding)
    }

    var sql: String {
        "\(unit) BETWEEN \(start.sql) AND \(end.sql)" + (exclusion.map { " EXCLUDE \($0.rawValue)" } ?? "")
    }

    /// What is wrong with it.
    var problem: String? {
        if start.sql.isEmpty || end.sql.isEmpty {
            return "A window frame begins and ends 0 or more rows away; a negative count is the other direction."
        }
        if start.place > end.place || start.place == .max || end.place == .min {
            return "A window frame ends before it begins. Exchange `from:` and `to:`."
        }
        return nil
    }
}
