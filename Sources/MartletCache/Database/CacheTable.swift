internal import FoundationEssentials
public import MartletORM

/// The table of a database cache, with Django's columns.
public struct CacheTable: Sendable, Hashable {
    /// Its name.
    public let name: String

    /// - Throws: ``CacheError/invalidLocation(location:reason:)`` for a name that no table can have.
    public init(_ name: String) throws(CacheError) {
        guard !name.isEmpty, name.utf8.count <= 55, name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .invalidLocation(
                location: name, reason: "a table's name has 1 to 55 bytes, and neither blanks nor control characters")
        }
        self.name = name
    }

    /// The statements that make the table and its index, as Django's `createcachetable` does.
    public func creation(_ dialect: any SQLDialect) -> [Statement] {
        let moment = dialect.columnType(of: .dateTime) ?? "timestamp"
        let columns = [
            "\(dialect.quoted("cache_key")) varchar(255) NOT NULL PRIMARY KEY",
            "\(dialect.quoted("value")) text NOT NULL", "\(dialect.quoted("expires")) \(moment) NOT NULL",
        ]
        let index = "CREATE INDEX \(dialect.quoted("\(name)_expires")) ON \(table(dialect))"
        return [
            Statement("CREATE TABLE \(table(dialect)) (\(columns.joined(separator: ", ")))"),
            Statement("\(index) (\(dialect.quoted("expires")))"),
        ]
    }

    /// A statement that fails where the table is not there.
    public func probe(_ dialect: any SQLDialect) -> Statement {
        Statement("SELECT 1 FROM \(table(dialect)) WHERE 1 = 0")
    }

    private func table(_ dialect: any SQLDialect) -> String { dialect.quoted(name) }

    /// - Parameter locked: Whether nobody else may change the rows until the transaction ends.
    func select(_ keys: [String], _ now: Date, _ dialect: any SQLDialect, locked: Bool) -> Statement {
        Statement(
            "SELECT cache_key, value, expires FROM \(table(dialect)) WHERE cache_key IN (\(list(keys, dialect))) "
                + "AND expires > \(dialect.placeholder(keys.count + 1))"
                + (locked && dialect.locksRows ? " FOR UPDATE" : ""),
            keys.map { .text($0) } + [.dateTime(now)])
    }

    /// - Parameter moment: Where a row with that key ends later than this, it stays as it is; `nil`: it never does.
    func upsert(
        _ key: String, _ value: String, _ end: Date, onlyEndedBefore moment: Date?, _ dialect: any SQLDialect
    ) -> Statement {
        var sql = "INSERT INTO \(table(dialect)) (cache_key, value, expires) VALUES ("
        sql += (1...3).map(dialect.placeholder).joined(separator: ", ")
        sql += ") ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
        var parameters: [SQLValue] = [.text(key), .text(value), .dateTime(end)]
        if let moment {
            sql += " WHERE \(table(dialect)).expires <= \(dialect.placeholder(4))"
            parameters.append(.dateTime(moment))
        }
        return Statement(sql, parameters)
    }

    func replace(
        _ key: String, _ old: String, _ new: String, _ end: Date, _ now: Date, _ dialect: any SQLDialect
    ) -> Statement {
        let marks = (1...5).map(dialect.placeholder)
        return Statement(
            "UPDATE \(table(dialect)) SET value = \(marks[0]), expires = \(marks[1]) WHERE cache_key = \(marks[2]) "
                + "AND value = \(marks[3]) AND expires > \(marks[4])",
            [.text(new), .dateTime(end), .text(key), .text(old), .dateTime(now)])
    }

    func touch(_ key: String, _ end: Date, _ now: Date, _ dialect: any SQLDialect) -> Statement {
        let marks = (1...3).map(dialect.placeholder)
        return Statement(
            "UPDATE \(table(dialect)) SET expires = \(marks[0]) WHERE cache_key = \(marks[1]) AND expires > \(marks[2])",
            [.dateTime(end), .text(key), .dateTime(now)])
    }

    func delete(_ keys: [String], _ dialect: any SQLDialect) -> Statement {
        Statement(
            "DELETE FROM \(table(dialect)) WHERE cache_key IN (\(list(keys, dialect)))", keys.map { .text($0) })
    }

    func deleteEnded(_ now: Date, _ dialect: any SQLDialect) -> Statement {
        Statement("DELETE FROM \(table(dialect)) WHERE expires < \(dialect.placeholder(1))", [.dateTime(now)])
    }

    func deleteSoonest(_ count: Int, _ dialect: any SQLDialect) -> Statement {
        Statement(
            "DELETE FROM \(table(dialect)) WHERE cache_key IN (SELECT cache_key FROM \(table(dialect)) "
                + "ORDER BY expires, cache_key LIMIT \(count))")
    }

    func count(_ dialect: any SQLDialect) -> Statement { Statement("SELECT COUNT(*) FROM \(table(dialect))") }

    func clear(_ dialect: any SQLDialect) -> Statement { Statement("DELETE FROM \(table(dialect))") }

    private func list(_ keys: [String], _ dialect: any SQLDialect) -> String {
        (1...max(keys.count, 1)).map(dialect.placeholder).joined(separator: ", ")
    }
}
