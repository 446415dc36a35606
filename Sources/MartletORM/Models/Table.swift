import FoundationEssentials

/// The description of a model's table, built once and never changed.
///
/// ```swift
/// static let table = Table<Post>(
///     .uuid(\.id, primaryKey: true),
///     .char(\.title, maxLength: 200),
///     .foreignKey(\.author, onDelete: .cascade, relatedName: "posts"),
///     indexes: [.index(\.status, \.publishedOn)]
/// )
/// ```
///
/// Building a table never touches another one, so two models may refer to each other. What is wrong with it is
/// found by `manage check`, and refused at the first query.
public final class Table<M: Model>: Sendable {
    // This is a class, since every column of every query asks for its table: a struct of so many parts would be copied
    // each time.

    /// The lines, in order.
    let fields: [Field<M>]

    /// The table without the model's type.
    package let erased: AnyTable

    /// A model with its initial values; every decoded row begins as a copy, which is cheaper than making one.
    let blank: M

    /// The fields that have a column, in the order in which rows are selected.
    let columns: [Field<M>]

    /// Reads and writes the values of ``columns``.
    private let coding: RowCoding

    private let properties: PropertyIndex<M>

    /// The column of each line as an expression, made once; `nil` for a line without one.
    private let expressions: [SQLExpression?]

    private let positionsByName: [String: Int]

    /// The columns that refer to a row and may not be null, with their properties.
    private let required: [(position: Int, property: String)]

    /// Whether there is a moment that the database layer keeps.
    private let keepsMoments: Bool

    /// Describes a table.
    ///
    /// - Parameters:
    ///   - fields: One line for each stored property that is kept.
    ///   - indexes: Indexes over several columns.
    ///   - uniqueTogether: Groups of fields whose values together are unique.
    ///   - ordering: The order of queries that name none.
    ///   - name: The table's name; `app_model` unless told.
    public init(
        _ fields: Field<M>..., indexes: [Index<M>] = [], uniqueTogether: [Index<M>] = [],
        ordering: [Ordering<M>] = [], name: String? = nil
    ) {
        self.fields = fields
        let columns = fields.filter { $0.schema?.kind.hasColumn == true }
        self.columns = columns
        // A column whose property is not stored is a problem of the table, which refuses every query.
        coding = RowCoding(columns.compactMap(\.column))
        properties = PropertyIndex(fields)
        expressions = fields.map { $0.schema.map { .column(ColumnPath([], Column($0, isShared: true))) } }
        required = Self.required(columns)
        keepsMoments = columns.contains { $0.clock != .none }
        positionsByName = Self.names(of: fields)
        let modelName = M.modelName
        let table = name ?? ModelSchema.defaultTable(for: modelName)
        let byKeyPath = Dictionary(
            fields.map { ($0.keyPath as AnyKeyPath, $0) }, uniquingKeysWith: { first, _ in first })
        let schema = ModelSchema(
            name: modelName, table: table, fields: fields.compactMap(\.schema),
            indexes: indexes.map { $0.schema(table: table, fields: byKeyPath) },
            uniqueTogether: uniqueTogether.map { $0.names(in: byKeyPath) })
        erased = AnyTable(
            schema: schema,
            relations: Dictionary(
                fields.compactMap { field in field.relation.map { (field.name, $0) } },
                uniquingKeysWith: { first, _ in first }),
            ordering: ordering.compactMap { $0.term(fields: byKeyPath) },
            problems: Self.problems(schema, fields)
                + Self.unknown(
                    [
                        ("An index", indexes.flatMap(\.keyPaths)),
                        ("A group of uniqueTogether", uniqueTogether.flatMap(\.keyPaths)),
                        ("The ordering", ordering.map(\.keyPath)),
                    ], byKeyPath))
        var blank = M()
        for field in fields {
            field.label?(&blank, RelationLabel(model: modelName.name, property: field.property))
        }
        self.blank = blank
    }

    /// The field of a property; `nil` for a property that the table does not describe.
    func field(at keyPath: AnyKeyPath) -> Field<M>? {
        properties.line(ofAny: keyPath).map { fields[$0] }
    }

    /// The column of a property of this table, as an expression; `nil` for a property that the table does not describe.
    func column<V>(at keyPath: KeyPath<M, V>) -> SQLExpression? {
        properties.line(of: keyPath).flatMap { expressions[$0] }
    }

    /// The way to another table from a property.
    func relation<V>(at keyPath: KeyPath<M, V>) -> Relation? {
        properties.line(of: keyPath).flatMap { fields[$0].relation }
    }

    /// The field of a name, in snake_case or as the property is spelt.
    package func field(named name: String) -> Field<M>? {
        positionsByName[name].map { fields[$0] }
    }

    private static func required(_ columns: [Field<M>]) -> [(position: Int, property: String)] {
        columns.enumerated().compactMap { position, field in
            guard let schema = field.schema, !schema.isNull, case .foreignKey = schema.kind else { return nil }
            return (position, field.property)
        }
    }

    private static func names(of fields: [Field<M>]) -> [String: Int] {
        var names: [String: Int] = [:]
        for (index, field) in fields.enumerated() {
            names[field.property] = index
            names[field.name] = index
        }
        return names
    }

    /// What is named beside the lines must have one, with a column.
    private static func unknown(
        _ uses: [(place: String, keyPaths: [any PartialKeyPath<M> & Sendable])], _ fields: [AnyKeyPath: Field<M>]
    ) -> [String] {
        uses.flatMap { use in
            use.keyPaths.filter { fields[$0]?.column == nil }.map { keyPath in
                "\(use.place) names '\(Field<M>.propertyName(keyPath))', which is no field of the table. "
                    + "Add a line for it, or leave it out."
            }
        }
    }

    private static func problems(_ schema: ModelSchema, _ fields: [Field<M>]) -> [String] {
        var problems = fields.compactMap(\.problem)
        let keys = schema.fields.filter(\.isPrimaryKey)
        if keys.count != 1 {
            problems.append(
                "It needs exactly one primary key and has \(keys.count). Mark `\\.id` with `primaryKey: true`.")
        } else if keys[0].name != "id" {
            problems.append(
                "The primary key is '\(keys[0].name)'; it must be the property `id`. Use `column:` for its name.")
        }
        let columns = Dictionary(grouping: schema.fields.filter(\.kind.hasColumn), by: \.column)
        for (column, sharing) in columns.sorted(by: { $0.key < $1.key }) where sharing.count > 1 {
            problems.append(
                "Column '\(column)' belongs to \(sharing.count) fields. Give one of them another `column:`.")
        }
        return problems
    }
}

extension Table {
    /// Decodes a row that begins at a column.
    func decode(_ row: any Row, at start: Int) throws(DecodingProblem) -> M {
        var model = blank
        let coding = coding
        try withUnsafeMutablePointer(to: &model) { pointer throws(DecodingProblem) in
            try coding.decode(row, at: start, into: UnsafeMutableRawPointer(pointer))
        }
        return model
    }

    /// The values of a model's columns, in their order.
    func encode(_ model: M) -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(columns.count)
        encode(model, to: &values)
        return values
    }

    /// Appends the values of a model's columns.
    ///
    /// - Parameter left: The position of a column that is left out.
    func encode(_ model: M, leaving left: Int = -1, to values: inout [SQLValue]) {
        withUnsafePointer(to: model) { coding.encode(UnsafeRawPointer($0), leaving: left, to: &values) }
    }

    /// Refuses a model whose required reference is not set, before the database answers with less.
    func checkReferences(of model: M) throws(ORMError) {
        for (position, property) in required {
            let value = withUnsafePointer(to: model) { coding.value(position, of: UnsafeRawPointer($0)) }
            if value.isNull { throw .missingReference(model: "\(M.self)", field: property) }
        }
    }

    /// The value a new model has in a field.
    func initialValue(of name: String) -> SQLValue? {
        guard let column = field(named: name)?.column else { return nil }
        return withUnsafePointer(to: blank) { column.encode(UnsafeRawPointer($0)) }
    }

    /// Sets the moments that the database layer keeps.
    func stamp(_ model: inout M, isNew: Bool) {
        guard keepsMoments else { return }
        for field in columns where field.clock == .onSave || field.clock == .onCreate && isNew {
            if let keyPath = field.keyPath as? WritableKeyPath<M, Date> {
                model[keyPath: keyPath] = Date.now.truncatedToMicroseconds
            }
        }
    }
}
