public import MartletORM

extension PostgreSQLSchemaEditor {
    /// The locks that statements take, and what PostgreSQL does with the rows meanwhile.
    ///
    /// Sources: [Explicit Locking](https://www.postgresql.org/docs/current/explicit-locking.html),
    /// [ALTER TABLE, Notes](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES).
    public func effects(of statements: [String], on tables: [TableLayout]) -> [StatementEffect]? {
        var effects = StatementEffects(catalog: PostgreSQLCatalog(tables, self))
        return statements.map { effects.effect(of: $0) }
    }
}

/// Tells the effects of statements that follow each other.
struct StatementEffects {
    var catalog: PostgreSQLCatalog

    mutating func effect(of sql: String) -> StatementEffect {
        if let dropping = ConstraintDropping(sql) { return effect(of: dropping) }
        // A table that is renamed is locked under the name it had.
        let before = catalog
        var effect = read(SQLWordReader(sql))
        effect.locks = strongest(effect.locks.filter { !before.isMade($0.table) && !catalog.isMade($0.table) })
        return effect
    }

    private mutating func read(_ reader: SQLWordReader) -> StatementEffect {
        var words = reader
        if words.take("alter", "table") { return alterTable(&words) }
        if words.take("create", "unique", "index") || words.take("create", "index") { return createIndex(&words) }
        if words.take("create", "table") { return createTable(&words) }
        if words.take("drop", "table") { return dropTable(&words) }
        if words.take("drop", "index") { return dropIndex(&words) }
        if words.take("comment", "on") { return comment(&words) }
        if words.take("truncate") { return truncate(&words) }
        // The index alone is locked, and readers and writers of the table go on.
        if words.take("alter", "index") { return StatementEffect([]) }
        return rows(&words)
    }

    // MARK: Rows

    private func rows(_ words: inout SQLWordReader) -> StatementEffect {
        func lock(_ table: String?, _ mode: LockMode, _ work: StatementEffect.Work = .none) -> StatementEffect {
            table.map { StatementEffect([.init($0, mode, work)]) } ?? Self.unknown
        }
        if words.take("update") {
            _ = words.take("only")
            let table = words.name()
            return lock(table, .rowExclusive, words.has("where") ? .none : .scan)
        }
        if words.take("insert", "into") { return lock(words.name(), .rowExclusive) }
        if words.take("delete", "from") {
            _ = words.take("only")
            return lock(words.name(), .rowExclusive)
        }
        if words.take("select") {
            return words.skip(past: "from") ? lock(words.name(), .accessShare) : StatementEffect([])
        }
        return Self.unknown
    }

    private func truncate(_ words: inout SQLWordReader) -> StatementEffect {
        _ = words.take("table")
        return words.name().map { StatementEffect([.init($0, .accessExclusive)]) } ?? Self.unknown
    }

    // MARK: Tables

    private mutating func createTable(_ words: inout SQLWordReader) -> StatementEffect {
        _ = words.take("if", "not", "exists")
        guard let table = words.name() else { return Self.unknown }
        catalog.make(table)
        var targets: [String] = []
        while words.skip(past: "references") { if let target = words.name() { targets.append(target) } }
        return StatementEffect(targets.map { .init($0, .shareRowExclusive) })
    }

    private func dropTable(_ words: inout SQLWordReader) -> StatementEffect {
        _ = words.take("if", "exists")
        guard let table = words.name() else { return Self.unknown }
        return StatementEffect(([table] + catalog.neighbours(of: table)).map { .init($0, .accessExclusive) })
    }

    private func comment(_ words: inout SQLWordReader) -> StatementEffect {
        let isColumn = words.take("column")
        guard isColumn || words.take("table") else { return Self.unknown }
        let table: String?
        if isColumn {
            // The column stands behind the last dot.
            let names = words.rest.prefix { $0 != .plain("is") }
            var reader = SQLWordReader("")
            reader.replace(names.dropLast(2))
            table = reader.name()
        } else {
            table = words.name()
        }
        return table.map { StatementEffect([.init($0, .shareUpdateExclusive)]) } ?? Self.unknown
    }

    // MARK: Indexes

    private mutating func createIndex(_ words: inout SQLWordReader) -> StatementEffect {
        let isConcurrent = words.take("concurrently")
        _ = words.take("if", "not", "exists")
        let index = words.take("on") ? nil : words.name()
        if index != nil { guard words.take("on") else { return Self.unknown } }
        _ = words.take("only")
        guard let table = words.name() else { return Self.unknown }
        if let index { catalog.make(index: index, on: table) }
        guard !isConcurrent else { return StatementEffect([.init(table, .shareUpdateExclusive, .scan)]) }
        return StatementEffect(
            [.init(table, .share, .scan)],
            saferWay: "Use AddIndexConcurrently, in a migration with `atomic: false`.")
    }

    private func dropIndex(_ words: inout SQLWordReader) -> StatementEffect {
        let isConcurrent = words.take("concurrently")
        _ = words.take("if", "exists")
        guard let index = words.name(), let table = catalog.indexes[index] else {
            return isConcurrent ? StatementEffect([]) : Self.unknown
        }
        return StatementEffect([.init(table, isConcurrent ? .shareUpdateExclusive : .accessExclusive)])
    }

    private func effect(of dropping: ConstraintDropping) -> StatementEffect {
        let others = dropping.isReference ? catalog.neighbours(of: dropping.table, column: dropping.column) : []
        let locks = ([dropping.table] + others).map { StatementEffect.Lock($0, .accessExclusive) }
        return StatementEffect(strongest(locks.filter { !catalog.isMade($0.table) }))
    }

    // MARK: Results

    static let unknown = StatementEffect([], isKnown: false)

    /// One lock for each table, in the order of their first mention.
    private func strongest(_ locks: [StatementEffect.Lock]) -> [StatementEffect.Lock] {
        locks.reduce(into: []) { result, lock in
            if let position = result.firstIndex(where: { $0.table == lock.table }) {
                result[position].mode = max(result[position].mode, lock.mode)
                result[position].work = max(result[position].work, lock.work)
            } else {
                result.append(lock)
            }
        }
    }
}

/// The statement of the editor's own that drops constraints whose names only the database knows.
private struct ConstraintDropping {
    let table: String
    let column: String
    let isReference: Bool

    init?(_ sql: String) {
        guard sql.hasPrefix("DO $martlet$") else { return nil }
        func text(after opening: String, before end: String) -> String? {
            guard let start = sql.firstRange(of: opening) else { return nil }
            let rest = sql[start.upperBound...]
            return rest.firstRange(of: end).map { String(rest[..<$0.lowerBound]) }
        }
        guard let literal = text(after: "c.conrelid = ", before: "::regclass"),
            let column = text(after: "a.attname = ", before: " LOOP"),
            let kind = text(after: "c.contype = '", before: "'")
        else { return nil }
        var reader = SQLWordReader(String(literal.dropFirst().dropLast()).replacing("''", with: "'"))
        guard let table = reader.name() else { return nil }
        self.table = table
        self.column = String(column.dropFirst().dropLast()).replacing("''", with: "'")
        isReference = kind == "f"
    }
}
