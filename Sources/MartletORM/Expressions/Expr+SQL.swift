extension Expr {
    /// An expression in SQL of your own: a function, an operator or a type that Martlet does not list.
    ///
    /// ```swift
    /// .filter { Expr<Bool>(sql: "\($0.period) && daterange(\(from), \(until))") }
    /// .order { Expr<Double>(sql: "ST_Distance(\($0.place), ST_Point(\(east), \(north)))").ascending }
    /// ```
    ///
    /// Columns and other expressions stand in the text as Martlet writes them, with their joins; values are bound. The
    /// text goes to the database as it is, so it may suit one database only, and nothing looks at whether `V` is the
    /// type of the result: reading another is an error. An optional `V` says that the result may be null; a condition
    /// always may, and `exclude` and `!` keep the rows for which it is.
    ///
    /// Source: [Django, `Func` and `RawSQL`](https://docs.djangoproject.com/en/5.2/ref/models/expressions/).
    public init(sql text: SQLText) {
        let isCondition = V.Unwrapped.self == Bool.self
        self.init(text.expression(isCondition: isCondition, mayBeNull: isCondition || V.isNullable))
    }

    /// An aggregate that Martlet does not list, such as one of an extension. It is null where there is no row, unless the
    /// function is made otherwise.
    ///
    /// ```swift
    /// let slopes: [(String, Double?)] = try await Flat.objects.values {
    ///     ($0.city, Expr<Double?>.aggregate("REGR_SLOPE", $0.rent, $0.area))
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - name: The function's name: letters, digits, `_`, and a point behind a schema.
    ///   - arguments: What it takes of each row.
    ///   - distinct: Whether equal arguments count once.
    ///   - filter: Which rows count.
    ///   - orders: The order in which it takes the rows, where that matters.
    ///
    /// Source: [Django, `Aggregate`](https://docs.djangoproject.com/en/5.2/ref/models/expressions/#aggregate-expressions).
    public static func aggregate<each A: FieldValue>(
        _ name: String, _ arguments: repeat Expr<each A>, distinct: Bool = false, filter: Condition? = nil,
        orderBy orders: [Order] = []
    ) -> Expr<V> {
        guard SQLText.isFunctionName(name) else {
            return Expr(
                .invalid("'\(name)' is no name of a function: letters, digits and '_', and a point behind a schema."))
        }
        var list: [SQLExpression] = []
        repeat list.append((each arguments).sql)
        return Expr(
            .aggregate(
                AggregateCall(
                    AggregateFunction(name, isForeign: true), list, isDistinct: distinct, filter: filter?.sql,
                    orders: orders.map(\.term))))
    }
}

extension SQLText {
    /// The text as one expression: what is interpolated are its arguments, and what stands between them is its name.
    fileprivate func expression(isCondition: Bool, mayBeNull: Bool) -> SQLExpression {
        var arguments: [SQLExpression] = []
        // What is written between the arguments, one more than there are of them.
        var between = [""]
        for part in parts {
            switch part {
            case .text(let text): between[between.count - 1] += text
            case .identifier(let name):
                guard Self.isPossible(name) else { return .invalid(Self.impossibleName) }
                between[between.count - 1] += SQLIdentifier.quoted(name)
            case .value(let value):
                arguments.append(.value(value))
                between.append("")
            case .expression(let expression):
                arguments.append(expression)
                between.append("")
            case .list(let values):
                guard !values.isEmpty else { return .invalid(Self.emptyList) }
                between[between.count - 1] += "("
                for (place, value) in values.enumerated() {
                    arguments.append(.value(value))
                    between.append(place == values.count - 1 ? ")" : ", ")
                }
            case .problem(let problem): return .invalid(problem)
            }
        }
        // A text with a zero byte reaches no database, so it can part what tells this function from another.
        let name = "own " + between.joined(separator: "\0")
        let function = SQLFunction(name, isCondition: isCondition, mayBeNull: mayBeNull) { [between] written in
            "(" + zip(between, written + [""]).map { $0 + $1 }.joined() + ")"
        }
        return .call(function, arguments)
    }

    fileprivate static func isFunctionName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy { part in
                guard let first = part.first, first > 0x39 else { return false }
                return part.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
                    default: false
                    }
                }
            }
    }
}
