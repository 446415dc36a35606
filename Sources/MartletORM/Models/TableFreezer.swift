/// Turns what a table's description says over typed columns into values, and keeps what is wrong with it.
struct TableFreezer<M: Model> {
    let columns: TableColumns<M>
    private(set) var problems: [String] = []

    init(_ fields: [AnyKeyPath: Field<M>]) {
        columns = TableColumns(fields: fields)
    }

    /// The value of an expression; a constant that is never used when it cannot be one.
    mutating func freeze(_ expression: SQLExpression, of place: String) -> SchemaExpression {
        if case .unknown(_, let property) = expression.firstUnknown {
            report("\(place) names '\(property)', which is no field of the table. Add a line for it, or leave it out.")
            return .value(.null)
        }
        do {
            return try SchemaExpression(expression)
        } catch {
            report("\(place) \(error.reason)")
            return .value(.null)
        }
    }

    mutating func freeze(_ condition: ((TableColumns<M>) -> Condition)?, of place: String) -> SchemaExpression? {
        condition.map { freeze($0(columns).sql, of: place) }
    }

    mutating func freeze(_ terms: [any IndexTermConvertible], of place: String) -> [IndexTerm] {
        terms.map { term in
            let order = term.indexOrder.term
            return IndexTerm(
                freeze(order.expression, of: place), descending: order.isDescending, nulls: order.nulls,
                operatorClass: checked(term.operatorClass, of: place))
        }
    }

    /// The names of fields with a column.
    mutating func names(_ keyPaths: [any PartialKeyPath<M> & Sendable], of place: String) -> [String] {
        keyPaths.map { keyPath in
            let field = columns.fields[keyPath]
            if field?.schema?.kind.hasColumn != true {
                let property = field?.property ?? Field<M>.propertyName(keyPath)
                report(
                    "\(place) names '\(property)', which is no field of the table. Add a line for it, or leave it out.")
            }
            return field?.name ?? Field<M>.propertyName(keyPath)
        }
    }

    /// A word that stands in SQL without quotes.
    mutating func checked(_ word: String?, of place: String) -> String? {
        guard let word, !word.isPlainSQLWord else { return word }
        report("\(place) has '\(word)', which is no name. Use letters, digits and underscores.")
        return nil
    }

    mutating func report(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }
}

extension String {
    /// Whether it is made of ASCII letters, digits, underscores and points, and begins with a letter or underscore.
    package var isPlainSQLWord: Bool {
        guard let first = utf8.first, !(0x30...0x39).contains(first) else { return false }
        return utf8.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2E
        }
    }
}

extension SQLExpression {
    /// A property in it that the table does not describe.
    fileprivate var firstUnknown: SQLExpression? {
        switch self {
        case .unknown: self
        case .comparison(_, let left, let right), .arithmetic(_, let left, let right), .and(let left, let right),
            .or(let left, let right):
            left.firstUnknown ?? right.firstUnknown
        case .not(let inner), .isNull(let inner), .inList(let inner, _), .text(_, let inner, _),
            .datePart(_, let inner):
            inner.firstUnknown
        case .call(_, let arguments): arguments.lazy.compactMap(\.firstUnknown).first
        default: nil
        }
    }
}
