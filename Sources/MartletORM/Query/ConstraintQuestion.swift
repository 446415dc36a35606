/// Asks the database whether a row would break rules, with the row's values in place of its columns.
///
/// An object, since the parts of a question are written by closures that add to its values.
final class ConstraintQuestion {
    private let table: AnyTable
    private let values: [String: SQLValue]
    private let dialect: any SQLDialect
    private(set) var parameters: [SQLValue] = []

    init(_ table: AnyTable, values: [SQLValue], _ dialect: any SQLDialect) {
        self.table = table
        self.values = Dictionary(zip(table.columns.map(\.name), values), uniquingKeysWith: { first, _ in first })
        self.dialect = dialect
    }

    /// A condition that is true when the row breaks the rule; `nil` when no database is needed to know that it does not.
    func sql(of rule: ValidatedRule) -> String? {
        switch rule.rule {
        case .check(let condition): "(\(own(condition))) IS FALSE"
        case .unique(let unique): uniqueSQL(unique)
        case .exclusion(let exclusion): exclusionSQL(exclusion)
        }
    }

    private func uniqueSQL(_ rule: UniqueRule) -> String? {
        if rule.nullsDistinct != false, hasNull(rule.terms) { return nil }
        let sign = rule.nullsDistinct == false ? dialect.equalOrBothNull : "="
        let tests = rule.terms.map { "\(stored($0.expression)) \(sign) \(own($0.expression))" }
        return exists(tests, where: rule.condition)
    }

    private func exclusionSQL(_ rule: ExclusionRule) -> String? {
        if hasNull(rule.terms.map(\.term)) { return nil }
        let tests = rule.terms.map { term in
            "\(stored(term.term.expression)) \(term.sign.rawValue) \(own(term.term.expression))"
        }
        return exists(tests, where: rule.condition)
    }

    /// Whether another row passes the tests; a row that the condition leaves out breaks nothing.
    private func exists(_ tests: [String], where condition: SchemaExpression?) -> String {
        var tests = tests
        var result = ""
        if let condition {
            result = "(\(own(condition))) AND "
            tests.append("(\(stored(condition)))")
        }
        let key = table.primaryKey
        tests.append("\(dialect.quoted(key.column)) <> \(own(.field(key.name)))")
        return result + "EXISTS (SELECT 1 FROM \(dialect.quoted(table.name)) WHERE \(tests.joined(separator: " AND ")))"
    }

    private func hasNull(_ terms: [IndexTerm]) -> Bool {
        terms.contains { $0.expression.plainField.map { values[$0]?.isNull == true } ?? false }
    }

    /// The SQL of an expression over the rows that are there.
    private func stored(_ expression: SchemaExpression) -> String {
        write(expression) { self.dialect.quoted(self.table.column(of: $0)) }
    }

    /// The SQL of an expression over the row that is to be written.
    private func own(_ expression: SchemaExpression) -> String {
        write(expression) { name in
            let field = self.table.schema.field(name)
            // What the database computes of the row is computed from its other columns.
            if let generated = field?.generated { return "(\(self.own(generated.expression)))" }
            let place = self.bind(self.values[name] ?? .null)
            let type = field.flatMap { self.dialect.castType(of: self.table.storedKind(of: $0)) }
            return type.map { "CAST(\(place) AS \($0))" } ?? place
        }
    }

    private func write(_ expression: SchemaExpression, column: @escaping (String) -> String) -> String {
        expression.sql(SchemaExpression.Writer(dialect: dialect, column: column, value: constant))
    }

    /// A number by itself tells its type, as it does in a table's definition; any other constant is bound.
    private func constant(_ value: SQLValue) -> String {
        switch value {
        case .integer(let number): number < 0 ? "(\(number))" : "\(number)"
        case .real(let number) where number.isFinite: number < 0 ? "(\(number))" : "\(number)"
        default: bind(value)
        }
    }

    private func bind(_ value: SQLValue) -> String {
        parameters.append(value)
        return dialect.placeholder(parameters.count)
    }
}

extension SQLDialect {
    /// Equal, where two nulls are equal too.
    fileprivate var equalOrBothNull: String { name == "sqlite" ? "IS" : "IS NOT DISTINCT FROM" }
}

extension SQLDialect {
    /// The type that a value is cast to, so that it is compared as its column would be: SQLite keeps decimals as text until
    /// they are in a column.
    fileprivate func castType(of kind: FieldKind) -> String? {
        parameterType(of: kind) ?? (columnType(of: kind) == "decimal" ? "decimal" : nil)
    }
}

extension AnyTable {
    fileprivate func column(of field: String) -> String { schema.field(field)?.column ?? field }
}
