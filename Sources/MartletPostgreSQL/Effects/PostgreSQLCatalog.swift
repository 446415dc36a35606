import MartletORM

/// What is known of tables while statements are looked at one after the other.
struct PostgreSQLCatalog {
    /// The types of columns, by table and column.
    private var types: [String: [String: String]] = [:]
    /// Which column of which table refers to which other table.
    private var references: [(table: String, column: String, target: String)] = []
    /// The table of each index.
    private(set) var indexes: [String: String] = [:]
    /// Tables that the statements themselves have made: nobody waits for them.
    private var made: Set<String> = []

    init(_ tables: [TableLayout], _ editor: PostgreSQLSchemaEditor) {
        for table in tables {
            for column in table.columns {
                types[table.name, default: [:]][column.name] = editor.type(of: column)
                if let reference = column.reference {
                    references.append((table.name, column.name, reference.table))
                }
                if editor.hasPatternIndex(column) {
                    indexes[editor.patternIndexName(column.name, on: table.name)] = table.name
                }
            }
            for index in table.indexes { indexes[index.name] = table.name }
        }
    }

    func type(of column: String, in table: String) -> String? { types[table]?[column] }

    func isMade(_ table: String) -> Bool { made.contains(table) }

    /// The tables that a column of a table refers to; without a column all, also those that refer to the table.
    func neighbours(of table: String, column: String? = nil) -> [String] {
        references.flatMap { reference in
            if let column { return reference.table == table && reference.column == column ? [reference.target] : [] }
            return reference.table == table ? [reference.target] : reference.target == table ? [reference.table] : []
        }
    }

    mutating func make(_ table: String) { made.insert(table) }

    mutating func make(index: String, on table: String) { indexes[index] = table }

    mutating func set(type: String, of column: String, in table: String) { types[table, default: [:]][column] = type }

    mutating func refer(_ table: String, _ column: String, to target: String) {
        references.append((table, column, target))
    }

    mutating func rename(_ table: String, to name: String) {
        types[name] = types.removeValue(forKey: table)
        if made.remove(table) != nil { made.insert(name) }
        for position in references.indices {
            if references[position].table == table { references[position].table = name }
            if references[position].target == table { references[position].target = name }
        }
        for (index, owner) in indexes where owner == table { indexes[index] = name }
    }

    mutating func rename(_ column: String, of table: String, to name: String) {
        if let type = types[table]?.removeValue(forKey: column) { types[table]?[name] = type }
        for position in references.indices where references[position].table == table {
            if references[position].column == column { references[position].column = name }
        }
    }
}
