extension ModelRegistry {
    /// The error with the name of the constraint and the fields that it is about, whichever of them the database tells.
    ///
    /// PostgreSQL names the constraint; SQLite names a check, and the columns of what is unique.
    func explained(_ error: DatabaseError) -> DatabaseError {
        switch error.kind {
        case .uniqueViolation, .checkViolation, .notNullViolation, .foreignKeyViolation, .exclusionViolation: break
        default: return error
        }
        if let name = error.constraint, let found = rule(named: name) {
            return error.with(constraint: name, fields: found.fields)
        }
        if error.constraint == nil, let found = ConstraintMessage(error.message, schemas) {
            let unique = error.kind == .uniqueViolation ? found.schema.uniqueConstraint(over: found.fields) : nil
            return error.with(constraint: found.constraint ?? unique, fields: found.fields, columns: found.columns)
        }
        let places = error.columns.map { $0.split(separator: ".", maxSplits: 1).map(String.init) }
        guard let table = places.first?.first, places.allSatisfy({ $0.count == 2 && $0[0] == table }),
            let schema = schemas.first(where: { $0.table == table && $0.proxied == nil })
        else { return error }
        let columns = places.map { $0[1] }
        let fields = columns.map { column in schema.fields.first { $0.column == column }?.name ?? column }
        let name = error.kind == .uniqueViolation ? schema.uniqueConstraint(over: fields) : nil
        return error.with(constraint: error.constraint ?? name, fields: fields)
    }

    private func rule(named name: String) -> (fields: [String], name: String)? {
        for schema in schemas where schema.proxied == nil {
            if let rule = schema.validatedRules.first(where: { $0.name == name }) { return (rule.fields, name) }
        }
        return nil
    }
}

extension ModelSchema {
    /// The only unique rule over exactly these fields; `nil` when there is none with a name, or several.
    fileprivate func uniqueConstraint(over fields: [String]) -> String? {
        let rules = validatedRules.filter { rule in
            guard case .unique(let unique) = rule.rule else { return false }
            return unique.terms.map(\.expression.plainField) == fields.map { $0 }
        }
        return rules.count == 1 ? rules[0].name : nil
    }
}

extension DatabaseError {
    fileprivate func with(
        constraint: String?, fields: [String], columns found: [String] = []
    ) -> DatabaseError {
        DatabaseError(
            kind, message, columns: found.isEmpty ? columns : found, constraint: constraint, fields: fields, sql: sql,
            code: code)
    }
}

extension Database {
    /// Runs a statement, and says which rule it broke.
    func explaining<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw models.explained(error)
        }
    }
}
