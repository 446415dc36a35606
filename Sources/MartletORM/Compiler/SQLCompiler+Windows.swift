extension SQLCompiler {
    /// A function of the rows around each row.
    mutating func window(_ call: WindowCall, in scope: inout Scope) throws(ORMError) -> String {
        if case .problem(let problem) = call.function { throw .invalidQuery(problem) }
        if let problem = call.frame?.problem { throw .invalidQuery(problem) }
        guard !call.crossesMultiple else {
            throw .invalidQuery(
                "A window function goes over the rows of its query, and a relation to many would repeat them. "
                    + "Begin the query with the related model, or annotate the rows with an aggregate of the relation.")
        }
        guard !isInsideAggregate else {
            throw .invalidQuery(
                "An aggregate cannot look at a window function. Annotate the rows with it, and aggregate the annotation."
            )
        }
        seen.insert(.window)
        let over = try self.over(call, in: &scope)
        switch call.function {
        case .aggregate(let aggregate):
            return try text(aggregate, over: over, in: &scope)
        case .function(let function, let arguments):
            var written: [String] = []
            for argument in arguments { written.append(try sql(argument, in: &scope)) }
            return function.sql(written, dialect) + over
        case .problem(let problem):
            throw .invalidQuery(problem)
        }
    }

    private mutating func over(_ call: WindowCall, in scope: inout Scope) throws(ORMError) -> String {
        var parts: [String] = []
        if !call.partitions.isEmpty {
            var columns: [String] = []
            for partition in call.partitions { columns.append(try sql(partition, in: &scope)) }
            parts.append("PARTITION BY " + columns.joined(separator: ", "))
        }
        if !call.orders.isEmpty {
            let orders = try terms(call.orders, in: &scope)
            parts.append("ORDER BY " + orders.map { $0.sql + $0.direction }.joined(separator: ", "))
        }
        if let frame = call.frame { parts.append(frame.sql) }
        return " OVER (\(parts.joined(separator: " ")))"
    }
}
