/// A function that needs to be told which rows it looks at: add `.over(…)`.
public struct WindowFunction<V: FieldValue>: Sendable {
    let function: WindowCall.Function

    /// The function's value for each row.
    ///
    /// - Parameters:
    ///   - partitions: What rows share that are looked at together; all rows unless told.
    ///   - orders: In which order.
    ///   - frame: Which rows around the row; unless told, from the first to the row and its equals.
    public func over<each P: FieldValue>(
        partitionBy partitions: repeat Expr<each P>, orderBy orders: Order..., frame: WindowFrame? = nil
    ) -> Expr<V> {
        var columns: [SQLExpression] = []
        for partition in repeat each partitions { columns.append(partition.sql) }
        return Expr(
            .window(WindowCall(function: function, partitions: columns, orders: Order.terms(orders), frame: frame)))
    }
}

extension Expr {
    /// An aggregate of the rows around each row, instead of one for all of them.
    ///
    /// ```swift
    /// $0.views.sum().over(partitionBy: $0.author.id, orderBy: $0.createdAt.ascending)
    /// ```
    ///
    /// - Parameters:
    ///   - partitions: What rows share that are looked at together; all rows unless told.
    ///   - orders: In which order.
    ///   - frame: Which rows around the row; with an order, from the first to the row and its equals unless told.
    public func over<each P: FieldValue>(
        partitionBy partitions: repeat Expr<each P>, orderBy orders: Order..., frame: WindowFrame? = nil
    ) -> Expr<V> {
        var columns: [SQLExpression] = []
        for partition in repeat each partitions { columns.append(partition.sql) }
        let function: WindowCall.Function =
            if case .aggregate(let call) = sql {
                .aggregate(call)
            } else {
                .problem(
                    "over(…) stands behind an expression that is no aggregate. Write it behind sum(), count() or "
                        + "another aggregate, or behind a function of `Window`.")
            }
        return Expr(
            .window(WindowCall(function: function, partitions: columns, orders: Order.terms(orders), frame: frame)))
    }
}

extension Order {
    /// Outside of the functions above: Swift 6.3 cannot make a key path where the types are a pack.
    fileprivate static func terms(_ orders: [Order]) -> [OrderTerm] { orders.map(\.term) }
}

/// Functions that number the rows of a query.
///
/// ```swift
/// let newest = Post.objects.filter {
///     Window.rowNumber.over(partitionBy: $0.author.id, orderBy: $0.createdAt.descending) <= 3
/// }
/// ```
///
/// Source: [Django, window functions](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#window-functions).
public enum Window {
    /// 1, 2, 3 and so on.
    public static var rowNumber: WindowFunction<Int> { named("ROW_NUMBER") }

    /// The place in the order; equals share one, and those behind them are counted on: 1, 2, 2, 4.
    public static var rank: WindowFunction<Int> { named("RANK") }

    /// The place in the order; equals share one: 1, 2, 2, 3.
    public static var denseRank: WindowFunction<Int> { named("DENSE_RANK") }

    /// The rank as a part of the whole, from 0 to 1.
    public static var percentRank: WindowFunction<Double> { named("PERCENT_RANK") }

    /// Which part of the rows stands before the row or is equal to it, up to 1.
    public static var cumulativeDistribution: WindowFunction<Double> { named("CUME_DIST") }

    /// The number of the part in which the row is, if the rows are cut into so many equal ones.
    ///
    /// - Parameter parts: 1 or more.
    public static func ntile(_ parts: Int) -> WindowFunction<Int> {
        guard parts > 0 else { return WindowFunction(function: .problem("ntile needs 1 part or more, not \(parts).")) }
        return WindowFunction(function: .function(SQLFunction("NTILE.\(parts)") { _ in "NTILE(\(parts))" }, []))
    }

    private static func named<V: FieldValue>(_ name: String) -> WindowFunction<V> {
        WindowFunction(function: .function(SQLFunction(name), []))
    }
}

extension Expr {
    /// The value so many rows before; nil where there is none.
    ///
    /// - Parameter offset: 1 or more.
    public func lag(_ offset: Int = 1) -> WindowFunction<V.Unwrapped?> {
        WindowFunction(function: shifted("LAG", offset))
    }

    /// The value so many rows before, or another one where there is no such row.
    ///
    /// - Parameter offset: 1 or more.
    public func lag(_ offset: Int = 1, default fallback: V) -> WindowFunction<V> {
        WindowFunction(function: shifted("LAG", offset, fallback.sqlValue))
    }

    /// The value so many rows behind; nil where there is none.
    ///
    /// - Parameter offset: 1 or more.
    public func lead(_ offset: Int = 1) -> WindowFunction<V.Unwrapped?> {
        WindowFunction(function: shifted("LEAD", offset))
    }

    /// The value so many rows behind, or another one where there is no such row.
    ///
    /// - Parameter offset: 1 or more.
    public func lead(_ offset: Int = 1, default fallback: V) -> WindowFunction<V> {
        WindowFunction(function: shifted("LEAD", offset, fallback.sqlValue))
    }

    /// The value of the frame's first row.
    public func firstValue() -> WindowFunction<V.Unwrapped?> {
        WindowFunction(function: .function(SQLFunction("FIRST_VALUE"), [sql]))
    }

    /// The value of the frame's last row.
    ///
    /// With an order and no frame that is the row itself or one of its equals; see ``WindowFrame``.
    public func lastValue() -> WindowFunction<V.Unwrapped?> {
        WindowFunction(function: .function(SQLFunction("LAST_VALUE"), [sql]))
    }

    /// The value of one of the frame's rows; nil where it has fewer.
    ///
    /// - Parameter position: From 1.
    public func nthValue(_ position: Int) -> WindowFunction<V.Unwrapped?> {
        guard position > 0 else {
            return WindowFunction(function: .problem("nthValue counts rows from 1, and \(position) is none of them."))
        }
        let function = SQLFunction("NTH_VALUE.\(position)") { "NTH_VALUE(\($0.joined()), \(position))" }
        return WindowFunction(function: .function(function, [sql]))
    }

    private func shifted(_ name: String, _ offset: Int, _ fallback: SQLValue? = nil) -> WindowCall.Function {
        guard offset > 0 else {
            return .problem("\(name.lowercased()) looks 1 row away or more, not \(offset); use the other direction.")
        }
        // The name tells calls apart, so all that is not an argument belongs to it.
        let function = SQLFunction("\(name).\(offset)") { arguments in
            "\(name)(\(arguments.first ?? ""), \(offset)" + arguments.dropFirst().map { ", \($0)" }.joined() + ")"
        }
        return .function(function, [sql] + (fallback.map { [.value($0)] } ?? []))
    }
}
