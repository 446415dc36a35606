/// A time zone by its name: `Europe/Berlin`, `UTC`, or a fixed distance from UTC such as `+05:30`.
///
/// ```swift
/// .filter { $0.createdAt.hour(in: "Europe/Berlin") < 9 }
/// ```
///
/// The rules are those of the database's machine: PostgreSQL has its own, SQLite reads the system's zone files.
public struct TimeZoneName: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Names a zone; a name that cannot be one is an error when the query runs.
    public init(_ name: String) {
        description = name
    }

    /// Names a zone.
    public init(stringLiteral name: String) {
        self.init(name)
    }

    /// Coordinated universal time.
    public static let utc = TimeZoneName("UTC")

    /// Letters, digits and `/ _ + - :`, as the names of the time zone database have; nothing else reaches SQL.
    var isValid: Bool {
        let allowed = description.utf8.allSatisfy {
            (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || (0x2B...0x3A).contains($0) && $0 != 0x2C
                    && $0 != 0x2E
                || $0 == 0x5F
        }
        return allowed && (1...64).contains(description.utf8.count) && (isDistance || !startsWithSign)
    }

    private var startsWithSign: Bool { description.hasPrefix("+") || description.hasPrefix("-") }

    /// `+05:30`; PostgreSQL would take hours beyond a day.
    private var isDistance: Bool {
        let parts = description.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count == 2 ? Int($0) : nil }
        return startsWithSign && numbers.count == parts.count && (1...3).contains(parts.count) && numbers[0] <= 23
            && numbers.dropFirst().allSatisfy { $0 <= 59 }
    }

    /// The name as SQL. It stands in the statement's text, so that two places with it are the same expression and rows
    /// can be grouped by it.
    var sql: SQLExpression {
        guard isValid else {
            return .invalid(
                "'\(description.prefix(80))' is no name of a time zone. Names are such as 'Europe/Berlin' and '+05:30'."
            )
        }
        let literal = "'\(description)'"
        return .call(SQLFunction(literal) { _ in literal }, [])
    }
}
