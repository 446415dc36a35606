import MartletORM

extension MigrationExecutor {
    /// Whether all that an app's first migration would make is there already: what `--fake-initial` asks.
    ///
    /// As Django does it: tables are known by their names and columns by theirs, and nothing else is compared.
    func isThere(_ name: MigrationName) async throws -> Bool {
        guard let migration = graph.migration(name), !migration.dependencies.contains(where: { $0.app == name.app })
        else { return false }
        var state = try graph.state(after: Set(graph.withAncestors(of: [name])).subtracting([name]))
        let before = try graph.scope.visible(state).tables(maximumNameLength: editor.maximumNameLength)
        try graph.apply(name, to: &state)
        let after = try graph.scope.visible(state).tables(maximumNameLength: editor.maximumNameLength)
        let known = Dictionary(before.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let made = after.filter { known[$0.name] != $0 }
        guard !made.isEmpty else { return false }
        let found = try await editor.inspectedTables(in: database)
        let columns = Dictionary(
            found.map { ($0.name, Set($0.columns.map(\.name))) }, uniquingKeysWith: { first, _ in first })
        return made.allSatisfy { table in
            columns[table.name].map { there in table.columns.allSatisfy { there.contains($0.name) } } ?? false
        }
    }
}
