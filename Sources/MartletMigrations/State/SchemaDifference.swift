public import MartletORM

/// What the states before and after an operation do not tell: what was renamed, and what rows get.
public struct SchemaHints: Sendable, Hashable {
    /// Tables that go on under another name: the new name, and the old one.
    public var tables: [String: String] = [:]

    /// For a table, by its new name, the columns that go on under another name: the new one, and the old one.
    public var columns: [String: [String: String]] = [:]

    /// For a table, by its new name, what existing rows get in a column.
    public var fills: [String: [String: FieldDefault]] = [:]

    /// Tables, by their new names, whose indexes are made and dropped while others write.
    public var concurrent: Set<String> = []

    /// For a table, by its new name, the constraints that are added without checking the rows there are.
    public var unvalidated: [String: Set<String>] = [:]

    /// For a table, by its new name, the constraints that are checked for the rows there are.
    public var validated: [String: [String]] = [:]

    /// Makes hints that say nothing.
    public init() {}

    /// The hints for the way back, without the fills.
    var reversed: SchemaHints {
        var hints = SchemaHints()
        hints.concurrent = Set(concurrent.map { tables[$0] ?? $0 })
        for (new, old) in tables { hints.tables[old] = new }
        for (table, names) in columns {
            let oldTable = tables[table] ?? table
            hints.columns[oldTable] = Dictionary(names.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        }
        return hints
    }
}

/// The steps from the tables of one state to those of another.
///
/// Every operation is carried out this way, forwards and backwards, so none of them knows a database.
enum SchemaDifference {
    static func steps(
        from before: ProjectState, to after: ProjectState, hints: SchemaHints, editor: any SchemaEditor
    ) throws(MigrationError) -> [SchemaStep] {
        let (before, after) = lookedAfter(before, after)
        var old = try before.tables(maximumNameLength: editor.maximumNameLength)
        follow(hints, in: &old)
        let new = try after.tables(maximumNameLength: editor.maximumNameLength)
        try refuseUnknown(in: new, but: old, editor)
        let oldByName = Dictionary(old.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var steps: [SchemaStep] = []
        var kept: Set<String> = []
        for table in new {
            let oldName = hints.tables[table.name] ?? table.name
            guard let oldTable = oldByName[oldName] else {
                steps += editor.createTable(table)
                continue
            }
            kept.insert(oldName)
            if oldTable == table { continue }
            var change = TableChange(
                from: oldTable, to: table, renamedColumns: hints.columns[table.name] ?? [:],
                fills: hints.fills[table.name] ?? [:])
            change.isConcurrent = hints.concurrent.contains(table.name)
            change.unvalidated = hints.unvalidated[table.name] ?? []
            steps += editor.alterTable(change)
        }
        for table in new {
            for name in hints.validated[table.name] ?? [] {
                steps += editor.validateConstraint(name, on: table.name)
            }
        }
        // Tables between two models refer to them, so they go first.
        for table in old.reversed() where !kept.contains(table.name) { steps += editor.dropTable(table) }
        return steps
    }

    /// The states where a model that begins or stops to be managed has the same table before and after.
    private static func lookedAfter(_ before: ProjectState, _ after: ProjectState) -> (ProjectState, ProjectState) {
        func side(_ state: ProjectState, _ other: ProjectState) -> ProjectState {
            let changed = state.models.filter { other.model($0.name).map(\.isManaged) == !$0.isManaged }
            var result = state
            for model in changed { result.setManaged(model.name, false) }
            return result
        }
        return (side(before, after), side(after, before))
    }

    /// Refuses what the database does not have, with the reason, before a statement would fail.
    private static func refuseUnknown(
        in new: [TableLayout], but old: [TableLayout], _ editor: any SchemaEditor
    ) throws(MigrationError) {
        for table in new where !old.contains(table) {
            let problems = editor.problems(of: table)
            guard problems.isEmpty else {
                throw MigrationError(
                    .state, "The database cannot have the table '\(table.name)': \(problems.joined(separator: " "))",
                    "Use another kind of field or rule, or the database that has it.")
            }
        }
    }

    /// References follow a table that is renamed; every database sees to that itself.
    private static func follow(_ hints: SchemaHints, in tables: inout [TableLayout]) {
        guard !hints.tables.isEmpty else { return }
        let newNames = Dictionary(hints.tables.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for table in tables.indices {
            for column in tables[table].columns.indices {
                guard let name = tables[table].columns[column].reference?.table else { continue }
                tables[table].columns[column].reference?.table = newNames[name] ?? name
            }
        }
    }
}
