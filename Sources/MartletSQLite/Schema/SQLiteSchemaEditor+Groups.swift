public import MartletORM

// Indexes and constraints over several columns.
extension SQLiteSchemaEditor {
    /// An index, and how it is made.
    struct IndexStatement: Hashable {
        let name: String
        let sql: String
    }

    static let now = "strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'"

    /// Version 4 and its variant in their places, the rest random (RFC 9562 §5.4).
    static let newUUID = """
        lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || '8' || \
        substr(hex(randomblob(2)), 2) || hex(randomblob(6)))
        """

    /// Writes expressions in definitions of tables.
    var writer: SchemaExpression.Writer {
        .definitions(SQLiteDialect(), literal: literal) { name, _ in
            name == "now" ? Self.now : name == "new_uuid" ? Self.newUUID : nil
        }
    }

    /// Arrays, ranges, text search and exclusion constraints are PostgreSQL's alone.
    public func problems(of table: TableLayout) -> [String] {
        let columns = table.columns.compactMap { column -> String? in
            switch column.kind {
            case .array: "The column '\(column.name)' is an array, which SQLite has not; a JSON field holds a list."
            case .range: "The column '\(column.name)' is a range, which SQLite has not; use two columns."
            case .searchVector: "The column '\(column.name)' is a search vector, which SQLite has not."
            default: nil
            }
        }
        let constraints = table.constraints.compactMap { constraint -> String? in
            guard case .exclusion = constraint.rule else { return nil }
            return "SQLite has no exclusion constraints, such as '\(constraint.name)'."
        }
        return columns + constraints
    }

    /// The statements that make the indexes of a table, unique groups among them.
    ///
    /// A method that SQLite has not changes nothing but speed: for parts of values there is no index, for others the
    /// usual one.
    func indexStatements(of table: TableLayout) -> [IndexStatement] {
        let partwise: [IndexMethod] = [.gin, .gist, .spgist, .bloom]
        let groups = table.constraints.compactMap { constraint -> IndexStatement? in
            guard case .uniqueGroup(let columns) = constraint.rule else { return nil }
            return statement(constraint.name, "UNIQUE INDEX", columns.map(quoted), on: table)
        }
        return groups
            + table.indexes.filter { !partwise.contains($0.index.method) }.map { layout in
                let terms = layout.nullsDistinct == false ? nullTerms(layout.index) : self.terms(layout)
                let kind = layout.isUnique ? "UNIQUE INDEX" : "INDEX"
                return statement(layout.name, kind, terms, on: table, writer.condition(layout.index.condition))
            }
    }

    private func statement(
        _ name: String, _ kind: String, _ terms: [String], on table: TableLayout, _ condition: String = ""
    ) -> IndexStatement {
        let sql = "CREATE \(kind) \(quoted(name)) ON \(quoted(table.name)) (\(terms.joined(separator: ", ")))"
        return IndexStatement(name: name, sql: sql + condition)
    }

    /// The terms; values that are only to be held besides stand behind them where they change nothing else.
    private func terms(_ layout: IndexLayout) -> [String] {
        layout.index.terms.map { writer.term($0, isPlain: true) }
            + (layout.isUnique ? [] : layout.index.include.map(quoted))
    }

    /// SQLite takes all nulls for distinct, so that each term says by itself whether it is null.
    private func nullTerms(_ index: IndexSchema) -> [String] {
        index.terms.flatMap { term in
            let sql = term.expression.sql(writer)
            return ["(\(sql) IS NULL)", "(coalesce(\(sql), 0))"]
        }
    }

    /// A constraint inside of `CREATE TABLE`; `nil` for one that is an index.
    ///
    /// SQLite checks unique columns at once, so a deferrable constraint is stricter than was asked for.
    func definition(_ constraint: ConstraintLayout) -> String? {
        switch constraint.rule {
        case .check(let condition): "CONSTRAINT \(quoted(constraint.name)) CHECK (\(condition.sql(writer)))"
        case .unique(let columns, _): "CONSTRAINT \(quoted(constraint.name)) UNIQUE \(writer.list(columns))"
        case .uniqueGroup, .exclusion: nil
        }
    }
}

extension ConstraintLayout {
    /// Whether it stands inside of `CREATE TABLE`.
    var isInline: Bool { if case .uniqueGroup = rule { false } else { true } }
}

extension TableChange {
    /// SQLite keeps no comments.
    var withoutComments: TableChange {
        var change = self
        change.before = before.withoutComments
        change.after = after.withoutComments
        return change
    }
}

extension TableLayout {
    fileprivate var withoutComments: TableLayout {
        var table = self
        table.comment = nil
        for column in table.columns.indices { table.columns[column].comment = nil }
        return table
    }
}
