import MartletORM

extension SQLiteDialect {
    static func aggregate(_ call: AggregateText) -> String? {
        switch call.name {
        case "BOOL_AND", "ANY_VALUE": call.standard("MIN")
        case "BOOL_OR": call.standard("MAX")
        case "STRING_AGG" where call.order.isEmpty && !call.isDistinct: call.standard("GROUP_CONCAT")
        case "STRING_AGG": gathered(call, into: "text")
        case "JSON_AGG": gathered(call, into: "list")
        default: nil
        }
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
