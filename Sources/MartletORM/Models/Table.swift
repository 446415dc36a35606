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

    /// What the columns do not hold though their properties do.
    let limits: [ColumnLimit<M>]

    /// The ``limits`` when all are seen where the values stand.
    let directLimits: DirectLimits?

    /// Reads and writes the values of ``columns``.
    private let coding: RowCoding

    /// What a person is told who breaks a constraint, by the constraint's name.
    let constraintMessages: [String: String]

    private let properties: PropertyIndex<M>

    private let positionsByName: [String: Int]

    /// The columns that refer to a row and may not be null, with their properties.
    private let references: [Reference]

    /// A column that refers to another row.
    private struct Reference: Sendable {
        let position: Int
        let property: String
        let relation: Relation
        let isRequired: Bool
    }

    /// Whether there is a moment that the database layer keeps.
    private let keepsMoments: Bool

    /// Describes a table.
    ///
    /// - Parameters:
    ///   - fields: One line for each stored property that is kept.
    ///   - shared: Lines that a protocol gives to all models that satisfy it; see ``Field/shared(_:_:_:)``.
    ///   - indexes: Indexes over several columns.
    ///   - constraints: Rules that the database holds all rows to.
    ///   - uniqueTogether: Groups of fields whose values together are unique.
    ///   - ordering: The order of queries that name none.
    ///   - name: The table's name; `app_model` unless told.
    ///   - managed: Whether migrations make and change the table; `false` for one that somebody else looks after.
    ///   - comment: What the database says about the table; PostgreSQL only.
    public convenience init(
        _ fields: Field<M>..., fields shared: [Field<M>] = [], indexes: [Index<M>] = [],
        constraints: [Constraint<M>] = [], uniqueTogether: [Index<M>] = [], ordering: [Ordering<M>] = [],
        name: String? = nil, managed: Bool = true, comment: String? = nil
    ) {
        self.init(
            lines: fields + shared, indexes: indexes, constraints: constraints, uniqueTogether: uniqueTogether,
            ordering: ordering, name: name, managed: managed, comment: comment, proxied: nil)
    }

    init(
        lines fields: [Field<M>], indexes: [Index<M>], constraints: [Constraint<M>], uniqueTogether: [Index<M>],
        ordering: [Ordering<M>], name: String?, managed: Bool, comment: String?, proxied: ModelName?
    ) {
        self.fields = fields
        let columns = fields.filter { $0.schema?.kind.hasColumn == true }
        self.columns = columns
        // A column whose property is not stored is a problem of the table, which refuses every query.
        coding = RowCoding(columns.compactMap(\.column))
        properties = PropertyIndex(fields, table: name ?? ModelSchema.defaultTable(for: M.modelName))
        references = Self.references(columns)
        keepsMoments = columns.contains { $0.clock != .none }
        positionsByName = Self.names(of: fields)
        let modelName = M.modelName
        let table = name ?? ModelSchema.defaultTable(for: modelName)
        let byKeyPath = Dictionary(
            fields.flatMap { field in
                ([field.keyPath as AnyKeyPath] + field.aliases.map { $0 as AnyKeyPath }).map { ($0, field) }
            }, uniquingKeysWith: { first, _ in first })
        limits = columns.compactMap { ColumnLimit($0, table: table) }
        directLimits = DirectLimits(limits)
        var freezer = TableFreezer<M>(byKeyPath)
        let rules = constraints.map { $0.schema(table: table, in: &freezer) }
        var schema = ModelSchema(
            name: modelName, table: table, fields: fields.compactMap { $0.frozenSchema(in: &freezer) },
            indexes: indexes.map { $0.schema(table: table, in: &freezer) },
            uniqueTogether: uniqueTogether.map { $0.names(in: &freezer) }, constraints: rules.map(\.schema),
            managed: managed, comment: comment)
        schema.proxied = proxied
        constraintMessages = Dictionary(
            rules.compactMap { rule in rule.message.map { (rule.schema.name, $0) } },
            uniquingKeysWith: { first, _ in first })
        erased = AnyTable(
            schema: schema,
            relations: Dictionary(
                fields.compactMap { field in field.relation.map { (field.name, $0) } },
                uniquingKeysWith: { first, _ in first }),
            inverses: fields.compactMap(\.inverse),
            ordering: ordering.compactMap { $0.term(fields: byKeyPath) },
            problems: Self.problems(schema, fields) + freezer.problems
                + Self.unknown([("The ordering", ordering.map(\.keyPath))], byKeyPath)
                + schema.constraintProblems + schema.nameProblems)
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
        properties.column(of: keyPath)
    }

    /// The way to another table from a property: a list of one relation.
    func way<V>(at keyPath: KeyPath<M, V>) -> [Relation]? {
        properties.way(of: keyPath)
    }

    /// The field of a name, in snake_case or as the property is spelt.
    package func field(named name: String) -> Field<M>? {
        positionsByName[name].map { fields[$0] }
    }

    private static func references(_ columns: [Field<M>]) -> [Reference] {
        columns.enumerated().compactMap { position, field in
            guard let schema = field.schema, case .foreignKey = schema.kind, let relation = field.relation else {
                return nil
            }
            return Reference(
                position: position, property: field.property, relation: relation, isRequired: !schema.isNull)
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

    /// The values of the columns of some models, one model behind the other.
    ///
    /// - Parameter left: The position of a column that is left out.
    func encode(_ models: ArraySlice<M>, leaving left: Int) -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(models.count * columns.count)
        models.withUnsafeBufferPointer { models in
            ModelAddresses(models).forEach { coding.encode($0, leaving: left, to: &values) }
        }
        return values
    }

    /// Refuses a model whose required reference is not set, before the database answers with less.
    func checkReferences(of model: M) throws(ORMError) {
        for reference in references {
            switch withUnsafePointer(to: model, { coding.value(reference.position, of: UnsafeRawPointer($0)) }) {
            case .null where reference.isRequired:
                throw .missingReference(model: "\(M.self)", field: reference.property)
            case .integer(0) where reference.relation.target.primaryKey.kind == .auto:
                // What the database numbers has no 0: the row that is referred to is not saved.
                throw .unsavedReference(model: "\(M.self)", field: reference.property)
            default: continue
            }
        }
    }

    /// Refuses models of which one has a required reference that is not set.
    func checkReferences(of models: [M]) throws(ORMError) {
        guard !references.isEmpty else { return }
        for model in models { try checkReferences(of: model) }
    }

    /// The value a new model has in a field.
    func initialValue(of name: String) -> SQLValue? {
        guard let column = field(named: name)?.column else { return nil }
        return withUnsafePointer(to: blank) { column.encode(UnsafeRawPointer($0)) }
    }

    /// Sets the moments that the database layer keeps, in new models.
    func stamp(_ models: inout [M]) {
        guard keepsMoments else { return }
        for index in models.indices { stamp(&models[index], isNew: true) }
    }

    /// Sets the moments that the database layer keeps.
    func stamp(_ model: inout M, isNew: Bool) {
        guard keepsMoments else { return }
        for field in columns where field.clock == .onSave || field.clock == .onCreate && isNew {
            field.setNow?(&model, Date.now)
        }
    }
}
