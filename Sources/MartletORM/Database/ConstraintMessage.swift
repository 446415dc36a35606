/// Which rule or columns a message of SQLite's names.
///
/// It writes `UNIQUE constraint failed: shop.name, shop.town` and `CHECK constraint failed: age_positive`, with each name as
/// it is: one with a comma, a blank or a point in it cannot be told from two. So the names that the models have are looked
/// for.
struct ConstraintMessage {
    let schema: ModelSchema
    /// The rule's name, where the message says it.
    let constraint: String?
    let fields: [String]
    /// The columns with their table, where the message says them.
    let columns: [String]

    /// - Returns: `nil` for a message that names nothing of these models.
    init?(_ message: String, _ schemas: [ModelSchema]) {
        guard let range = message.firstRange(of: " constraint failed: ") else { return nil }
        let named = message[range.upperBound...]
        let found = schemas.lazy.filter { $0.proxied == nil }.compactMap {
            Self.rule($0, named) ?? Self.columns($0, named)
        }
        guard let first = found.first else { return nil }
        self = first
    }

    private init(schema: ModelSchema, constraint: String?, fields: [String], columns: [String]) {
        self.schema = schema
        self.constraint = constraint
        self.fields = fields
        self.columns = columns
    }

    private static func rule(_ schema: ModelSchema, _ named: Substring) -> ConstraintMessage? {
        let rules = schema.validatedRules
        let found = rules.first { rule in rule.name.map { named == $0 || named == "index '\($0)'" } ?? false }
        return found.map {
            ConstraintMessage(schema: schema, constraint: $0.name, fields: $0.fields, columns: [])
        }
    }

    private static func columns(_ schema: ModelSchema, _ named: Substring) -> ConstraintMessage? {
        guard named.hasPrefix(schema.table) else { return nil }
        let single = schema.fields.filter(\.kind.hasColumn).map { [$0.name] }
        for fields in schema.validatedRules.map(\.fields) + single {
            let columns = fields.map { "\(schema.table).\(schema.field($0)?.column ?? $0)" }
            if named == columns.joined(separator: ", ") {
                return ConstraintMessage(schema: schema, constraint: nil, fields: fields, columns: columns)
            }
        }
        return nil
    }
}
