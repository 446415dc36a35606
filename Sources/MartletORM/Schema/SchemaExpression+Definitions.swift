extension SchemaExpression.Writer {
    /// A writer for definitions of tables, where columns stand alone and constants are written out.
    ///
    /// - Parameter literal: The SQL of a constant that is no number and no truth value.
    package static func definitions(
        _ dialect: any SQLDialect, literal: @escaping (SQLValue) -> String,
        function: @escaping (String, [String]) -> String? = { _, _ in nil }
    ) -> SchemaExpression.Writer {
        SchemaExpression.Writer(
            dialect: dialect, column: { dialect.quoted($0) },
            value: { value in
                switch value {
                case .integer(let number): number < 0 ? "(\(number))" : "\(number)"
                case .real(let number) where number.isFinite: number < 0 ? "(\(number))" : "\(number)"
                default: literal(value)
                }
            }, function: function)
    }

    /// The columns in parentheses.
    package func list(_ columns: [String]) -> String { "(\(columns.map(column).joined(separator: ", ")))" }

    /// A term of an index: a column as it is, an expression in parentheses, and the order.
    ///
    /// - Parameter isPlain: Whether the database knows neither operator classes nor a place of nulls.
    package func term(_ term: IndexTerm, isPlain: Bool) -> String {
        var text = term.expression.plainField.map(column) ?? "(\(term.expression.sql(self)))"
        if !isPlain, let name = term.operatorClass { text += " \(name)" }
        if term.isDescending { text += " DESC" }
        if !isPlain, let nulls = term.nulls { text += nulls == .first ? " NULLS FIRST" : " NULLS LAST" }
        return text
    }

    /// ` WHERE (…)`, or nothing.
    package func condition(_ condition: SchemaExpression?) -> String {
        condition.map { " WHERE (\($0.sql(self)))" } ?? ""
    }

    /// What the database computes or gives, behind a column's type.
    package func computed(_ column: ColumnLayout) -> String {
        if let generated = column.generated {
            let kind = generated.isStored ? "STORED" : "VIRTUAL"
            return " GENERATED ALWAYS AS (\(generated.expression.sql(self))) \(kind)"
        }
        return column.databaseDefault.map { " DEFAULT (\($0.sql(self)))" } ?? ""
    }
}

extension Deferrable {
    /// What stands behind a constraint.
    package var sql: String { self == .deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE INITIALLY IMMEDIATE" }
}
