public import MartletORM

extension SQLiteSchemaEditor {
    /// The tables and views, but for SQLite's own.
    ///
    /// Source: [SQLite, PRAGMA functions](https://www.sqlite.org/pragma.html#pragfunc).
    public func inspectedTables(in database: Database) async throws -> [InspectedTable] {
        var tables = try await columns(in: database)
        let positions = Dictionary(
            tables.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        for (table, reference) in try await references(in: database) {
            guard let position = positions[table] else { continue }
            // Left out, it is the other table's primary key.
            var reference = reference
            if reference.target.isEmpty {
                reference.target = positions[reference.table].flatMap { tables[$0].primaryKey.first } ?? "id"
            }
            tables[position].references.append(reference)
        }
        for index in try await indexes(in: database) {
            guard let position = positions[index.table] else { continue }
            if index.isUnique {
                if !tables[position].unique.contains(index.columns) { tables[position].unique.append(index.columns) }
            } else if index.columns.count == 1 {
                tables[position].indexed.insert(index.columns[0])
            }
        }
        for position in tables.indices { tables[position].sortGroups() }
        return tables
    }

    private func columns(in database: Database) async throws -> [InspectedTable] {
        let sql = """
            SELECT m."name", m."type" = 'view', m."sql", x."name", lower(x."type"), x."notnull", x."pk", x."hidden" \
            FROM "sqlite_schema" m JOIN pragma_table_xinfo(m."name") x \
            WHERE m."type" IN ('table', 'view') AND m."name" NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND x."hidden" <> 1 \
            ORDER BY m."name", x."cid"
            """
        var tables: [InspectedTable] = []
        for found in try await database.rows(Statement(sql), decode: FoundColumn.init) {
            if tables.last?.name != found.table {
                var table = InspectedTable(name: found.table, isView: found.isView, columns: [])
                table.checks = TableText.checks(in: found.sql)
                tables.append(table)
            }
            tables[tables.count - 1].columns.append(found.column)
            if found.keyPosition > 0 { tables[tables.count - 1].primaryKey.append(found.column.name) }
        }
        for position in tables.indices { tables[position].markCounter() }
        return tables
    }

    private func references(in database: Database) async throws -> [(String, InspectedTable.Reference)] {
        let sql = """
            SELECT m."name", f."from", f."table", coalesce(f."to", '') FROM "sqlite_schema" m \
            JOIN pragma_foreign_key_list(m."name") f WHERE m."type" = 'table' \
            AND (SELECT count(*) FROM pragma_foreign_key_list(m."name") o WHERE o."id" = f."id") = 1
            """
        return try await database.rows(Statement(sql)) { row in
            (
                try row.text(at: 0),
                .init(column: try row.text(at: 1), table: try row.text(at: 2), target: try row.text(at: 3))
            )
        }
    }

    /// Indexes of plain columns over all rows, without those of primary keys.
    private func indexes(in database: Database) async throws -> [FoundIndex] {
        let sql = """
            SELECT m."name", l."unique", (SELECT group_concat(coalesce(i."name", ''), char(31)) \
            FROM (SELECT "name" FROM pragma_index_info(l."name") ORDER BY "seqno") i) FROM "sqlite_schema" m \
            JOIN pragma_index_list(m."name") l WHERE m."type" = 'table' AND l."origin" <> 'pk' AND NOT l."partial"
            """
        let found = try await database.rows(Statement(sql)) { row in
            FoundIndex(
                table: try row.text(at: 0), isUnique: try row.bool(at: 1),
                columns: try row.text(at: 2).split(separator: "\u{1F}", omittingEmptySubsequences: false)
                    .map(String.init))
        }
        // An expression has no name.
        return found.filter { !$0.columns.contains("") }
    }
}

extension SQLiteSchemaEditor {
    /// A statement for each table; foreign keys are not looked at meanwhile.
    public func deleteAllRows(of tables: [String]) -> [String] {
        let names = tables.map { literal(.text($0)) }.joined(separator: ", ")
        // SQLite makes its table of counters with the first table that counts up.
        let counters = [
            #"CREATE TABLE "new__counter" ("id" integer PRIMARY KEY AUTOINCREMENT)"#, #"DROP TABLE "new__counter""#,
            #"DELETE FROM "sqlite_sequence" WHERE "name" IN (\#(names))"#,
        ]
        return tables.map { "DELETE FROM \(quoted($0))" } + counters
    }
}

private struct FoundIndex: Sendable {
    let table: String
    let isUnique: Bool
    let columns: [String]
}

private struct FoundColumn: Sendable {
    let table: String
    let isView: Bool
    let sql: String
    let column: InspectedColumn
    let keyPosition: Int64

    init(_ row: any Row) throws {
        table = try row.text(at: 0)
        isView = try row.bool(at: 1)
        sql = row.isNull(at: 2) ? "" : try row.text(at: 2)
        keyPosition = try row.integer(at: 6)
        column = InspectedColumn(
            try row.text(at: 3), try row.text(at: 4), null: try row.integer(at: 5) == 0 && keyPosition == 0,
            generated: try row.integer(at: 7) > 1)
    }
}

extension InspectedTable {
    /// SQLite counts up a primary key of one column whose type is `integer` and nothing else.
    fileprivate mutating func markCounter() {
        guard primaryKey.count == 1, let position = columns.firstIndex(where: { $0.name == primaryKey[0] }) else {
            return
        }
        columns[position].isIdentity = columns[position].type == "integer"
    }
}

/// What SQLite tells of a table by nothing but the text it was made with.
enum TableText {
    /// The conditions behind each `CHECK`, without their outermost parentheses.
    static func checks(in sql: String) -> [String] {
        var checks: [String] = []
        var rest = Substring(sql)
        while let character = rest.first {
            if character == "\"" || character == "'" || character == "`" {
                rest = afterQuotes(rest)
            } else if character.isLetter || character == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                rest = rest.dropFirst(word.count)
                let condition = rest.drop(while: \.isWhitespace)
                guard word.lowercased() == "check", condition.first == "(" else { continue }
                rest = afterParentheses(condition)
                checks.append(String(condition[..<rest.startIndex].dropFirst().dropLast()))
            } else {
                rest = rest.dropFirst()
            }
        }
        return checks
    }

    private static func afterQuotes(_ text: Substring) -> Substring {
        guard let quote = text.first else { return text }
        let rest = text.dropFirst()
        guard let end = rest.firstIndex(of: quote) else { return "" }
        return rest[rest.index(after: end)...]
    }

    private static func afterParentheses(_ text: Substring) -> Substring {
        var (rest, depth) = (text, 0)
        while let character = rest.first {
            if character == "\"" || character == "'" || character == "`" {
                rest = afterQuotes(rest)
                continue
            }
            rest = rest.dropFirst()
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if depth == 0 { break }
        }
        return rest
    }
}
