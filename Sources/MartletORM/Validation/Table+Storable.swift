/// What a column cannot hold, found before a statement is sent: SQLite would store it, and PostgreSQL's words name no
/// field.
struct ColumnLimit<M: Model>: Sendable {
    let property: String
    let column: String
    let kind: FieldKind
    let encode: @Sendable (UnsafeRawPointer) -> SQLValue
    let problemOfValue: (@Sendable (M) -> String?)?
    /// The limit where it is seen in the model's memory, and is the only one.
    let direct: DirectLimits.Limit?

    /// The limit of a field; `nil` for one whose type holds nothing that the column does not.
    init?(_ field: Field<M>, table: String) {
        guard let schema = field.schema, let column = field.column else { return nil }
        let isBounded: Bool
        switch schema.kind {
        case .bigInteger, .auto: isBounded = false
        case .decimal, .duration: isBounded = true
        default: isBounded = schema.kind.integerRange != nil || schema.kind.maxLength != nil
        }
        guard isBounded || field.problemOfValue != nil else { return nil }
        property = field.property
        self.column = "\(table).\(schema.column)"
        kind = schema.kind
        encode = column.encode
        problemOfValue = field.problemOfValue
        direct = field.problemOfValue == nil ? DirectLimits.Limit(schema.kind, column.direct) : nil
    }

    func problem(of model: M, at address: UnsafeRawPointer) -> DatabaseError? {
        guard let text = problemOfValue?(model) ?? kind.problem(with: encode(address)) else { return nil }
        return kind.refusal(of: "\(M.self).\(property)", text, column: column)
    }
}

extension Table {
    /// Refuses a model with a value that its column does not hold.
    ///
    /// - Throws: ``DatabaseError`` of kind `invalidValue`.
    func checkStorable(_ model: M) throws(DatabaseError) {
        for limit in limits {
            let found = withUnsafePointer(to: model) { limit.problem(of: model, at: UnsafeRawPointer($0)) }
            if let found { throw found }
        }
    }

    /// Refuses models of which one has a value that its column does not hold.
    ///
    /// - Throws: ``DatabaseError`` of kind `invalidValue`.
    func checkStorable(_ models: [M]) throws(DatabaseError) {
        let areClearlyKept = models.withUnsafeBufferPointer { models in
            guard let directLimits else { return false }
            return ModelAddresses(models).allSatisfy { directLimits.areClearlyKept(at: $0) }
        }
        guard !areClearlyKept else { return }
        for model in models { try checkStorable(model) }
    }

    /// Refuses an update that gives a column a value that it does not hold.
    ///
    /// - Throws: ``DatabaseError`` of kind `invalidValue`.
    func checkStorable(
        _ assignments: [(column: FieldSchema, value: SQLExpression)]
    ) throws(DatabaseError) {
        for (column, value) in assignments {
            guard case .value(let value) = value, let text = column.kind.problem(with: value) else { continue }
            throw column.kind.refusal(of: "\(M.self).\(column.name)", text, column: "\(erased.name).\(column.column)")
        }
    }
}

extension FieldKind {
    fileprivate func refusal(of name: String, _ problem: String, column: String) -> DatabaseError {
        DatabaseError(
            .invalidValue, "'\(name)' cannot be stored: \(problem). Validate the model before it is saved.",
            columns: [column])
    }
}
