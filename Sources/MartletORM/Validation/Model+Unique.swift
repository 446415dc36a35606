extension Model {
    /// Which values that must be unique another row has.
    ///
    /// - Parameter invalid: Fields that are not asked about.
    func uniqueProblems(except invalid: Set<String>) async throws -> [ValidationProblem] {
        let table = Self.table
        let schema = table.erased.schema
        let values = Dictionary(
            zip(table.erased.columns.map(\.name), table.encode(self)), uniquingKeysWith: { first, _ in first })
        var problems: [ValidationProblem] = []
        let single = schema.fields.filter { $0.isUnique && !$0.isPrimaryKey && $0.kind.hasColumn }.map { [$0.name] }
        for group in single + schema.uniqueTogether where invalid.isDisjoint(with: group) {
            let terms = group.compactMap { name in
                schema.field(name).flatMap { field in values[name].map { (field: field, value: $0) } }
            }
            // SQL holds no two nulls to be the same.
            guard terms.count == group.count, !terms.contains(where: \.value.isNull) else { continue }
            if try await isTaken(terms) { problems.append(Self.uniqueProblem(group)) }
        }
        return problems
    }

    private func isTaken(_ terms: [(field: FieldSchema, value: SQLValue)]) async throws -> Bool {
        let key = SQLExpression.column(ColumnPath([], Self.anyTable.primaryKey))
        var query = Self.objects
        for term in terms {
            query = query.filter { _ in
                Condition(.comparison(.equal, .column(ColumnPath([], term.field)), .value(term.value)))
            }
        }
        if !hasUnsetID {
            let own = id.sqlValue
            query = query.exclude { _ in Condition(.comparison(.equal, key, .value(own))) }
        }
        return try await query.exists()
    }

    private static func uniqueProblem(_ group: [String]) -> ValidationProblem {
        let labels = group.map { capitalised($0.split(separator: "_").joined(separator: " ")) }
        let words = snakeCased(modelName.name).split(separator: "_").joined(separator: " ")
        let list =
            labels.count > 1 ? labels.dropLast().joined(separator: ", ") + " and " + (labels.last ?? "") : labels[0]
        return ValidationProblem(
            field: group.count == 1 ? group[0] : nil,
            message: "\(capitalised(words)) with this \(list) already exists.",
            code: group.count == 1 ? "unique" : "unique_together")
    }

    private static func capitalised(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }
}
