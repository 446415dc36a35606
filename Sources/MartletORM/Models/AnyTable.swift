/// A model's table without the model's type: what the SQL compiler and the registry work with.
package final class AnyTable: Sendable {
    /// The table as a value.
    package let schema: ModelSchema

    /// The fields that have a column, in the order in which rows are selected.
    package let columns: [FieldSchema]

    /// The columns as they are selected, with the table's name before each: `"blog_post"."title"`.
    let selected: [String]

    /// The column that identifies a row.
    package let primaryKey: FieldSchema

    /// Whether the database numbers the rows.
    let isNumbered: Bool

    /// The relations, by field name.
    package let relations: [String: Relation]

    /// The ways back over the relations, for the models at their ends.
    let inverses: [InverseRelation]

    /// The order of queries that name none.
    package let ordering: [OrderTerm]

    /// What is wrong with the description; a table with problems refuses every query.
    package let problems: [String]

    init(
        schema: ModelSchema, relations: [String: Relation], inverses: [InverseRelation] = [], ordering: [OrderTerm],
        problems: [String]
    ) {
        self.schema = schema
        self.relations = relations
        self.inverses = inverses
        self.ordering = ordering
        self.problems = problems
        columns = schema.fields.filter(\.kind.hasColumn)
        let prefix = SQLIdentifier.quoted(schema.table) + "."
        selected = columns.map { prefix + SQLIdentifier.quoted($0.column) }
        // Without a primary key `problems` is not empty, and this stand-in is never used.
        isNumbered = schema.primaryKey?.kind == .auto
        primaryKey = schema.primaryKey ?? FieldSchema("id", .auto, primaryKey: true)
    }

    /// The name of the table in the database.
    package var name: String { schema.table }

    func validate() throws(ORMError) {
        guard problems.isEmpty else {
            throw .invalidTable(model: "\(schema.name)", problem: problems.joined(separator: " "))
        }
    }
}

/// A way from one table to another.
package final class Relation: Sendable {
    /// How rows of the two tables are matched.
    package enum Link: Sendable {
        /// This table's column holds the other's primary key.
        case forward(column: String)
        /// The other table's column holds this one's primary key.
        case reverse(column: String)
        /// A table between the two holds both primary keys.
        case through(table: String, here: String, there: String)
    }

    /// The field's name.
    package let name: String

    /// Whether there may be no row at the other end.
    package let isNullable: Bool

    /// Whether there may be several.
    package let isMultiple: Bool

    /// What takes the place of a reference whose row is deleted; only for fields whose rule asks for a value.
    let replacement: (@Sendable () async throws -> SQLValue)?

    private let makeTarget: @Sendable () -> AnyTable
    private let makeLink: @Sendable () -> Link?

    init(
        name: String, isNullable: Bool, isMultiple: Bool, target: @escaping @Sendable () -> AnyTable,
        link: @escaping @Sendable () -> Link?, replacement: (@Sendable () async throws -> SQLValue)? = nil
    ) {
        self.name = name
        self.isNullable = isNullable
        self.isMultiple = isMultiple
        self.replacement = replacement
        makeTarget = target
        makeLink = link
    }

    /// The other table. Asked for when a query is compiled and never while a table is built: two models may refer
    /// to each other.
    package var target: AnyTable { makeTarget() }

    /// How the rows are matched; `nil` when a reverse relation names a field that is no relation of the other table.
    package var link: Link? { makeLink() }
}
