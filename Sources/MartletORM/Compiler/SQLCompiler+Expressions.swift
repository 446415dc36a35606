extension SQLCompiler {
    /// The SQL of an expression.
    mutating func sql(_ expression: SQLExpression, in scope: inout Scope) throws(ORMError) -> String {
        switch expression {
        case .value(let value):
            return bind(value)
        case .column(let path):
            guard scope.isNegated else { return try sql(path, in: &scope) }
            return try test(.comparison(.equal, expression, .value(.bool(true))), in: &scope)
        case .call(let function, let arguments):
            guard scope.isNegated else { return try call(function, arguments, in: &scope) }
            if function.isCondition { return try test(expression, in: &scope) }
            return try test(.comparison(.equal, expression, .value(.bool(true))), in: &scope)
        case .arithmetic(let sign, let left, let right):
            if let exact = try decimalArithmetic(sign, left, right, in: &scope) { return exact }
            let left = try sql(left, in: &scope)
            return "(\(left) \(sign.rawValue) \(try sql(right, in: &scope)))"
        case .and:
            return try logical(scope.isNegated ? "OR" : "AND", expression, in: &scope)
        case .or:
            return try logical(scope.isNegated ? "AND" : "OR", expression, in: &scope)
        case .not(let inner):
            scope.isNegated.toggle()
            let result = try sql(inner, in: &scope)
            scope.isNegated.toggle()
            return result
        case .datePart(let part, let inner):
            return dialect.datePart(part, of: try sql(inner, in: &scope))
        case .count(let path):
            return try count(path, in: &scope)
        case .aggregate, .window, .subquery, .exists, .outer, .annotated, .invalid:
            return try computed(expression, in: &scope)
        case .unknown(let model, let property):
            throw .invalidQuery(
                "'\(property)' is not a field of \(model). Add it to the model's table, or query by one that is there.")
        case .json(let reading, let document, let path):
            guard !scope.isNegated else {
                return try test(.comparison(.equal, expression, .value(.bool(true))), in: &scope)
            }
            return try json(reading, document, path, in: &scope)
        case .isNull(let inner):
            return try isNull(inner, in: &scope)
        case .comparison, .inList, .inQuery, .inThrough, .text:
            return try test(expression, in: &scope)
        }
    }

    /// A negation is carried down to the tests (De Morgan), so that each can treat null as it must.
    private mutating func logical(
        _ word: String, _ expression: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> String {
        var left = Self.shortChain
        if expression.isShort(in: expression, &left) { return try pairs(word, expression, of: expression, in: &scope) }
        var written: [String] = []
        for operand in expression.operands { written.append(try sql(operand, in: &scope)) }
        return SQLPieces.balanced(word, written[...])
    }

    /// So many connectives are written as they stand, which needs no lists.
    private static let shortChain = 8

    /// A chain as it stands: `((a AND b) AND c)`.
    private mutating func pairs(
        _ word: String, _ expression: SQLExpression, of chain: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> String {
        switch (chain, expression) {
        case (.and, .and(let left, let right)), (.or, .or(let left, let right)):
            let left = try pairs(word, left, of: chain, in: &scope)
            return SQLPieces.joined("(", left, word, try pairs(word, right, of: chain, in: &scope), ")")
        default:
            return try sql(expression, in: &scope)
        }
    }

    /// A test that is true, false or, when a column is null, neither.
    ///
    /// Under a negation it must not be neither: `(c = 1) IS NOT TRUE` keeps the rows where `c` is null, as Django
    /// does. A test over a relation to many rows then means "no such row exists".
    private mutating func test(_ expression: SQLExpression, in scope: inout Scope) throws(ORMError) -> String {
        guard scope.isNegated else { return try plainTest(expression, in: &scope) }
        if expression.crossesMultiple, !scope.negatesInPlace {
            return "NOT (" + (try matchingRows(expression, in: &scope)) + ")"
        }
        scope.isNegated = false
        defer { scope.isNegated = true }
        let test = try plainTest(expression, in: &scope)
        return expression.mayBeNull ? "(\(test)) IS NOT TRUE" : "NOT (\(test))"
    }

    private mutating func isNull(_ inner: SQLExpression, in scope: inout Scope) throws(ORMError) -> String {
        if scope.isNegated, inner.crossesMultiple, !scope.negatesInPlace {
            return "NOT (" + (try matchingRows(.isNull(inner), in: &scope)) + ")"
        }
        let negated = scope.isNegated
        scope.isNegated = false
        defer { scope.isNegated = negated }
        return try operand(inner, in: &scope) + (negated ? " IS NOT NULL" : " IS NULL")
    }

    private mutating func plainTest(_ expression: SQLExpression, in scope: inout Scope) throws(ORMError) -> String {
        switch expression {
        case .comparison(let comparison, let left, let right):
            if let range = try yearRange(comparison, left, right, in: &scope) { return range }
            if left.isComputedDecimal || right.isComputedDecimal {
                let sides = [try operand(left, in: &scope), try operand(right, in: &scope)]
                if let exact = dialect.call(DecimalFunction.name(of: comparison), sides) { return exact }
                return "\(sides[0]) \(comparison.rawValue) \(sides[1])"
            }
            let left = try operand(left, in: &scope)
            return SQLPieces.joined("", left, comparison.rawValue, try operand(right, in: &scope), "")
        case .inList(let inner, let values):
            guard !values.isEmpty else { return "1 = 0" }
            let column = try sql(inner, in: &scope)
            let places = values.map { bind($0) }.joined(separator: ", ")
            return "\(column) IN (\(places))"
        case .inQuery(let inner, let query, let selected):
            let column = try sql(inner, in: &scope)
            return "\(column) IN (\(try subquery(query, .expressions([selected]), in: &scope)))"
        case .inThrough(let inner, let link, let key):
            let column = try sql(inner, in: &scope)
            return "\(column) IN (\(throughRows(link, key)))"
        case .text(let test, let inner, let value):
            let column = try sql(inner, in: &scope)
            let pattern = bind(.text(dialect.textPattern(test, value)))
            return dialect.textTest(test, column: column, pattern: pattern)
        default:
            // What is left stands for itself: a column of truth values, or a call that is true or false.
            return try sql(expression, in: &scope)
        }
    }

    private mutating func call(
        _ function: SQLFunction, _ arguments: [SQLExpression], in scope: inout Scope
    ) throws(ORMError) -> String {
        var written: [String] = []
        for argument in arguments { written.append(try sql(argument, in: &scope)) }
        return function.sql(written, dialect)
    }

    /// One side of a comparison; a condition that is compared with another is put in parentheses.
    mutating func operand(_ expression: SQLExpression, in scope: inout Scope) throws(ORMError) -> String {
        let text = try sql(expression, in: &scope)
        return expression.isCondition ? "(\(text))" : text
    }

    private mutating func sql(_ path: ColumnPath, in scope: inout Scope) throws(ORMError) -> String {
        let text = try column(at: path, in: &scope)
        if bareColumns != nil { bareColumns?.append(text) }
        return text
    }

    private mutating func column(at path: ColumnPath, in scope: inout Scope) throws(ORMError) -> String {
        if path.relations.isEmpty, path.column.table == scope.alias { return path.column.qualified }
        // A foreign key holds its target's primary key, so that column needs no join.
        if let last = path.relations.last, path.field.isPrimaryKey, case .forward(let column)? = last.link {
            let (alias, _) = try join(path.relations.dropLast(), in: &scope)
            return self.column(column, of: alias)
        }
        let (alias, _) = try join(path.relations, in: &scope)
        return column(path.field.column, of: alias)
    }

    /// `id IN (SELECT id … WHERE test)`: the rows of the scope's table for which some related row passes the test.
    private mutating func matchingRows(
        _ expression: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> String {
        var inner = SelectQuery(scope.table)
        inner.conditions = [expression]
        inner.usesTableOrdering = false
        let key = SQLExpression.column(ColumnPath([], scope.table.primaryKey))
        let rows = try sameSubquery(inner, .expressions([key]), in: scope)
        return "\(column(scope.table.primaryKey.column, of: scope.alias)) IN (\(rows))"
    }

    /// `SELECT there FROM through WHERE here = key`.
    private mutating func throughRows(_ link: Relation.Link, _ key: SQLValue) -> String {
        guard case .through(let table, let here, let there) = link else { return "NULL" }
        return "SELECT \(dialect.quoted(there)) FROM \(dialect.quoted(table))"
            + " WHERE \(dialect.quoted(here)) = \(bind(key))"
    }
}

extension SQLExpression {
    /// Whether a part of a chain has no more connectives like the chain's than there are left; takes off those it has.
    func isShort(in chain: SQLExpression, _ left: inout Int) -> Bool {
        switch (chain, self) {
        case (.and, .and(let first, let second)), (.or, .or(let first, let second)):
            left -= 1
            return left >= 0 && first.isShort(in: chain, &left) && second.isShort(in: chain, &left)
        default: return true
        }
    }

    /// What a chain of one connective joins, in its order, to whichever side the chain leans.
    var operands: [SQLExpression] {
        var found: [SQLExpression] = []
        // No recursion: a chain may be as long as a list that a client has sent.
        var waiting = [self]
        while let next = waiting.popLast() {
            switch (self, next) {
            case (.and, .and(let left, let right)), (.or, .or(let left, let right)): waiting += [right, left]
            default: found.append(next)
            }
        }
        return found
    }

    /// Whether a column of the expression lies behind a relation to many rows.
    var crossesMultiple: Bool {
        columnPaths.contains { $0.relations.contains(where: \.isMultiple) }
    }

    /// Whether a test can be neither true nor false: a column may be null by itself or because a row on the way may be
    /// missing, a list that another query returns may hold null, and a database may keep no NaN.
    var mayBeNull: Bool {
        switch self {
        case .inQuery: true
        case .comparison(_, let left, let right):
            left.isUnordered || right.isUnordered || left.mayBeNull || right.mayBeNull
        case .arithmetic(_, let left, let right), .and(let left, let right), .or(let left, let right):
            left.mayBeNull || right.mayBeNull
        case .not(let inner), .isNull(let inner), .inList(let inner, _), .text(_, let inner, _),
            .datePart(_, let inner), .inThrough(let inner, _, _):
            inner.mayBeNull
        case .call(let function, let arguments): function.mayBeNull || arguments.contains(where: \.mayBeNull)
        case .aggregate(let call): call.mayBeNull
        case .outer(let inner), .annotated(_, let inner): inner.mayBeNull
        case .window, .subquery: true
        case .column(let path): path.field.isNull || path.relations.contains(where: \.isNullable)
        case .value, .count, .exists, .invalid, .unknown: false
        case .json: true
        }
    }

    /// Whether the expression is true or false by its form.
    var isCondition: Bool {
        switch self {
        case .comparison, .and, .or, .not, .isNull, .inList, .inQuery, .inThrough, .text: true
        case .exists: true
        case .outer(let inner), .annotated(_, let inner): inner.isCondition
        case .aggregate, .window, .subquery, .invalid: false
        case .call(let function, _): function.isCondition
        case .column, .value, .arithmetic, .datePart, .count, .unknown: false
        case .json: false
        }
    }

    private var isUnordered: Bool {
        if case .value(.real(let number)) = self { number.isNaN } else { false }
    }

    var columnPaths: [ColumnPath] {
        switch self {
        case .column(let path): [path]
        case .comparison(_, let left, let right), .arithmetic(_, let left, let right), .and(let left, let right),
            .or(let left, let right):
            left.columnPaths + right.columnPaths
        case .not(let inner), .isNull(let inner), .inList(let inner, _), .text(_, let inner, _),
            .datePart(_, let inner), .inQuery(let inner, _, _), .inThrough(let inner, _, _):
            inner.columnPaths
        case .call(_, let arguments): arguments.flatMap(\.columnPaths)
        case .json(_, let document, _): document.columnPaths
        case .annotated(_, let inner): inner.columnPaths
        // One value a row, whatever it is made from.
        case .aggregate, .window, .subquery, .exists, .outer, .invalid: []
        case .value, .count, .unknown: []
        }
    }
}
