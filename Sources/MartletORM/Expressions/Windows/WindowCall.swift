/// A call of a function of the rows around each row.
package struct WindowCall: Sendable {
    /// What is called.
    package enum Function: Sendable {
        case aggregate(AggregateCall)
        case function(SQLFunction, [SQLExpression])
        /// What cannot be: an error when the query is compiled.
        case problem(String)
    }

    package let function: Function
    /// What rows share that are looked at together.
    package var partitions: [SQLExpression] = []
    package var orders: [OrderTerm] = []
    package var frame: WindowFrame?

    /// Whether it looks at columns behind a relation to many rows.
    var crossesMultiple: Bool {
        let isMultiple =
            switch function {
            case .aggregate(let call): call.multipleRelations != nil
            case .function(_, let arguments): arguments.contains(where: \.crossesMultiple)
            case .problem: false
            }
        return isMultiple || partitions.contains(where: \.crossesMultiple)
            || orders.contains(where: \.expression.crossesMultiple)
    }
}
