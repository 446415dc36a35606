import MartletORM

extension PostgreSQLDialect {
    /// The type of a result is cast to the one that Martlet promises: a sum of `bigint` is `numeric` in PostgreSQL.
    static func aggregate(_ call: AggregateText) -> String? {
        switch call.name {
        case "SUM.integer": "CAST(\(call.standard("SUM")) AS bigint)"
        case "AVG.integer", "STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP":
            "CAST(\(call.standard(call.name)) AS double precision)"
        // It knows the places by itself.
        case "AVG.decimal": call.withoutLastArgument.standard("AVG")
        // PostgreSQL 16 has ANY_VALUE.
        case "ANY_VALUE": "(\(withoutNulls(call).standard("ARRAY_AGG")))[1]"
        default: nil
        }
    }

    private static func withoutNulls(_ call: AggregateText) -> AggregateText {
        var call = call
        let isPresent = call.arguments.map { "\($0) IS NOT NULL" }.joined()
        call.filter = call.filter.map { "(\($0)) AND \(isPresent)" } ?? isPresent
        return call
    }
}
