public import MartletORM

extension PostgreSQLSchemaEditor {
    /// The tables and views that need no schema in front, but for those of PostgreSQL and of extensions.
    ///
    /// Source: [PostgreSQL, System Catalogs](https://www.postgresql.org/docs/current/catalogs.html).
    public func inspectedTables(in database: Database) async throws -> [InspectedTable] {
        var tables: [InspectedTable] = []
        for row in try await database.rows(Statement(Self.columns), decode: FoundColumn.init) {
            if tables.last?.name != row.table {
                tables.append(InspectedTable(name: row.table, isView: row.isView, columns: []))
                tables[tables.count - 1].comment = row.comment
            }
            tables[tables.count - 1].columns.append(row.column)
        }
        let positions = Dictionary(
            tables.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        for found in try await database.rows(Statement(Self.constraints), decode: FoundConstraint.init) {
            if let position = positions[found.table] { found.enter(in: &tables[position]) }
        }
        for found in try await database.rows(Statement(Self.indexes), decode: FoundIndex.init) {
            if let position = positions[found.table] { found.enter(in: &tables[position]) }
        }
        let others = try await database.rows(Statement(Self.otherIndexes)) { (try $0.text(at: 0), try $0.text(at: 1)) }
        for (table, other) in others {
            if let position = positions[table] { tables[position].others.append(other) }
        }
        for position in tables.indices { tables[position].sortGroups() }
        return tables
    }

    /// How many bytes the rows of each table take, with those of its partitions.
    public func tableSizes(in database: Database) async throws -> [String: Int] {
        let sql = """
            SELECT c.relname::text, CASE WHEN c.relkind = 'p' THEN (SELECT coalesce(sum(pg_relation_size(t.relid)), 0) \
            FROM pg_partition_tree(c.oid) t) ELSE pg_relation_size(c.oid) END::bigint FROM pg_class c \
            WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid)
            """
        let sizes = try await database.rows(Statement(sql)) { (try $0.text(at: 0), Int(try $0.integer(at: 1))) }
        return Dictionary(sizes, uniquingKeysWith: { first, _ in first })
    }

    /// Which tables are looked at.
    private static let inspected = """
        c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND pg_table_is_visible(c.oid) \
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%' \
        AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.objid = c.oid AND e.deptype = 'e')
        """

    private static let columns = """
        SELECT c.relname::text, c.relkind IN ('v', 'm', 'f'), obj_description(c.oid, 'pg_class'), a.attname::text, \
        format_type(a.atttypid, a.atttypmod) || repeat('[]', greatest(a.attndims - 1, 0)), NOT a.attnotnull, \
        a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false), \
        a.attgenerated <> '', col_description(c.oid, a.attnum) \
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
        WHERE \(inspected) ORDER BY c.relname, a.attnum
        """

    /// A unit separator stands between the names of columns.
    private static let constraints = """
        SELECT c.relname::text, k.contype::text, \
        (SELECT string_agg(a.attname, chr(31) ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY u(number, place) \
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number), \
        f.relname::text, \
        (SELECT string_agg(a.attname, chr(31) ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY u(number, place) \
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number), \
        pg_get_constraintdef(k.oid) \
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
        LEFT JOIN pg_class f ON f.oid = k.confrelid WHERE \(inspected) ORDER BY c.relname, k.conname
        """

    /// Indexes of plain columns over all rows; Django's second ones for `LIKE` are none of a model's.
    private static let indexes = """
        SELECT c.relname::text, i.indisunique, \
        (SELECT string_agg(a.attname, chr(31) ORDER BY u.place) \
        FROM unnest(i.indkey::smallint[]) WITH ORDINALITY u(number, place) \
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number WHERE u.place <= i.indnkeyatts) \
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
        WHERE \(plain) AND NOT \(isForPatterns) AND \(inspected) ORDER BY c.relname
        """

    /// All other indexes, but for those that stand behind a constraint, which is told already.
    private static let otherIndexes = """
        SELECT c.relname::text, pg_get_indexdef(i.indexrelid) \
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
        WHERE NOT (\(plain)) AND NOT \(isForPatterns) \
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) AND \(inspected) \
        ORDER BY c.relname, 2
        """

    /// An index that a model's field or group of unique fields says.
    private static let plain = """
        i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid AND (i.indisunique OR i.indnkeyatts = 1) \
        AND (SELECT a.amname FROM pg_am a JOIN pg_class x ON x.relam = a.oid WHERE x.oid = i.indexrelid) = 'btree'
        """

    private static let isForPatterns = """
        EXISTS (SELECT 1 FROM pg_opclass o WHERE o.oid = ANY(i.indclass::oid[]) AND o.opcname LIKE '%pattern_ops')
        """
}

/// A column, and what is said of its table.
private struct FoundColumn: Sendable {
    let table: String
    let isView: Bool
    let comment: String?
    let column: InspectedColumn

    init(_ row: any Row) throws {
        table = try row.text(at: 0)
        isView = try row.bool(at: 1)
        comment = row.isNull(at: 2) ? nil : try row.text(at: 2)
        column = InspectedColumn(
            try row.text(at: 3), try row.text(at: 4), null: try row.bool(at: 5), identity: try row.bool(at: 6),
            generated: try row.bool(at: 7), comment: row.isNull(at: 8) ? nil : try row.text(at: 8))
    }
}

private struct FoundConstraint: Sendable {
    let table: String
    let kind: String
    let columns: [String]
    let target: String?
    let targetColumns: [String]
    let definition: String

    init(_ row: any Row) throws {
        table = try row.text(at: 0)
        kind = try row.text(at: 1)
        columns = try row.names(at: 2)
        target = row.isNull(at: 3) ? nil : try row.text(at: 3)
        targetColumns = try row.names(at: 4)
        definition = try row.text(at: 5)
    }

    func enter(in inspected: inout InspectedTable) {
        switch kind {
        case "p": inspected.primaryKey = columns
        case "u": if !inspected.unique.contains(columns) { inspected.unique.append(columns) }
        case "c": inspected.checks.append(definition)
        case "f":
            guard let target, columns.count == 1, targetColumns.count == 1 else {
                inspected.others.append(definition)
                return
            }
            inspected.references.append(.init(column: columns[0], table: target, target: targetColumns[0]))
        case "x": inspected.others.append(definition)
        default: break
        }
    }
}

private struct FoundIndex: Sendable {
    let table: String
    let isUnique: Bool
    let columns: [String]

    init(_ row: any Row) throws {
        table = try row.text(at: 0)
        isUnique = try row.bool(at: 1)
        columns = try row.names(at: 2)
    }

    func enter(in inspected: inout InspectedTable) {
        guard columns != inspected.primaryKey else { return }
        if isUnique {
            if !inspected.unique.contains(columns) { inspected.unique.append(columns) }
        } else if columns.count == 1 {
            inspected.indexed.insert(columns[0])
        }
    }
}

extension Row {
    /// Names with a unit separator between them.
    fileprivate func names(at index: Int) throws -> [String] {
        isNull(at: index) ? [] : try text(at: index).split(separator: "\u{1F}").map(String.init)
    }
}
