import MartletORM

extension SQLiteDialect {
    static func aggregate(_ call: AggregateText) -> String? {
        switch call.name {
        case "BOOL_AND", "ANY_VALUE": call.standard("MIN")
        case "BOOL_OR": call.standard("MAX")
        case "SUM.decimal": call.standard("martlet_decimal_sum")
        case "AVG.decimal": average(call)
        case "AVG.duration": "CAST(martlet_decimal_round(\(average(call, ofPlaces: "0")), 0) AS integer)"
        case "STRING_AGG" where call.order.isEmpty && !call.isDistinct: call.standard("GROUP_CONCAT")
        case "STRING_AGG": gathered(call, into: "text")
        case "JSON_AGG": gathered(call, into: "list")
        default: nil
        }
    }

    /// The exact sum by the count: an aggregate of one argument, so that `DISTINCT` may stand before it.
    private static func average(_ call: AggregateText) -> String {
        average(call.withoutLastArgument, ofPlaces: call.arguments.last ?? "0")
    }

    private static func average(_ call: AggregateText, ofPlaces places: String) -> String {
        let (sum, count) = (call.standard("martlet_decimal_sum"), call.standard("COUNT"))
        return "martlet_decimal_divide(\(sum), \(count), \(places)) COLLATE \(SQLiteDecimals.collation)"
    }

    /// `martlet_gather('text:distinct:AD', value, separator, key, key)`.
    ///
    /// SQLite orders the rows of an aggregate from version 3.44 on only, and takes no separator beside `DISTINCT`.
    private static func gathered(_ call: AggregateText, into form: String) -> String {
        let directions = call.order.map { term in
            (term.direction.hasPrefix(" DESC") ? "D" : "A")
                + (term.direction.hasSuffix("FIRST") ? "f" : term.direction.hasSuffix("LAST") ? "l" : "")
        }
        let plan = "'\(form):\(call.isDistinct ? "distinct" : "all"):\(directions.joined(separator: ","))'"
        let arguments = [plan] + call.arguments + call.order.map(\.sql)
        return "martlet_gather(\(arguments.joined(separator: ", ")))\(call.tail)"
    }
}
