public import MartletTemplates

/// A type whose values are rows of a table: a plain struct, and one ``Table`` that describes it.
///
/// ```swift
/// struct Tag: Model {
///     var id = UUID.v7()
///     var name = ""
///
///     static let table = Table<Tag>(
///         .uuid(\.id, primaryKey: true),
///         .char(\.name, maxLength: 50, unique: true)
///     )
/// }
/// ```
public protocol Model: Sendable, Identifiable, TemplateObject where ID: FieldValue {
    /// Makes a value with the initial value of each property; rows are decoded into a copy of it.
    init()

    /// What identifies the row. An automatic number is 0 until the row is saved.
    var id: ID { get set }

    /// The table's description.
    static var table: Table<Self> { get }

    /// The label of the app the model belongs to: the module's name in snake_case unless told.
    static var appLabel: String { get }

    /// The rows that ``objects`` begins with: all, unless told.
    static func defaultScope(_ rows: consuming QuerySet<Self>) -> QuerySet<Self>

    /// What is wrong with the values together, such as an end before its start; asked by ``validate()``.
    ///
    /// ```swift
    /// func clean() throws(ValidationError) {
    ///     if endsAt < startsAt { throw ValidationError(\Event.endsAt, "The end must be after the start.") }
    /// }
    /// ```
    func clean() throws(ValidationError)

    /// What templates may read besides the fields, such as a computed property.
    func templateProperty(_ name: String) -> (any TemplateConvertible)?
}

extension Model {
    /// The module's name in snake_case: models of the module `Blog` belong to `blog`.
    public static var appLabel: String {
        // "Blog.Post"; for a type inside a function "Blog.(unknown context at $1f).Post".
        snakeCased(String(reflecting: Self.self).prefix { $0 != "." })
    }

    /// The name by which migrations and other models know this one.
    package static var modelName: ModelName {
        ModelName(app: appLabel, name: String(String(reflecting: Self.self).split(separator: ".").last ?? "Model"))
    }
}

extension Model {
    /// The rows of the default scope, which are all unless told; the start of every query.
    public static var objects: QuerySet<Self> { defaultScope(QuerySet()) }

    /// All rows, also those that the default scope leaves out.
    public static var unscoped: QuerySet<Self> { QuerySet() }

    /// All rows.
    ///
    /// ```swift
    /// static func defaultScope(_ rows: QuerySet<Post>) -> QuerySet<Post> { rows.filter { !$0.isDeleted } }
    /// ```
    ///
    /// What finds one row by its key does without: `save`, `delete`, and the loading of what a foreign key refers to,
    /// as Django's base manager.
    public static func defaultScope(_ rows: consuming QuerySet<Self>) -> QuerySet<Self> { rows }

    /// The table without its model's type.
    package static var anyTable: AnyTable { table.erased }

    /// The value a new model has in a field; `nil` for a field that does not exist or has no column.
    package static func initialValue(of field: String) -> SQLValue? { table.initialValue(of: field) }
}

extension Model {
    /// The values of a model that was just made, by column.
    package static func newRow() -> [String: SQLValue] {
        Dictionary(
            zip(anyTable.columns.map(\.column), table.encode(Self())), uniquingKeysWith: { first, _ in first })
    }
}

extension Model {
    /// The names of the fields that have a column, in snake_case; ``columnValues`` has their values in this order.
    package static var columnNames: [String] { anyTable.columns.map(\.name) }

    /// The values of the fields that have a column.
    package var columnValues: [SQLValue] { Self.table.encode(self) }
}

extension Model {
    /// The name a property has in JSON and in templates: its own in snake_case.
    package static func fieldName(_ property: AnyKeyPath) -> String {
        snakeCased(Field<Self>.propertyName(property))
    }
}

extension Model {
    /// What is wrong with the model's table, a sentence each: what `manage check` prints.
    package static var tableProblems: [String] {
        table.erased.problems.map { "models.E001: The table of \(modelName) is not valid: \($0)" }
    }
}
