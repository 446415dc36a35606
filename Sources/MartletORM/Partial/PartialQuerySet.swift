extension QuerySet {
    /// Reads some columns of each row, and the primary key; stands last, before rows are asked for.
    ///
    /// ```swift
    /// let posts = try await Post.objects.order { $0.createdAt.descending }.limit(20).only(\.title, \.slug).all()
    /// ```
    ///
    /// Source: [Django, `only`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#only).
    public func only(_ properties: any PartialKeyPath<M> & Sendable...) -> PartialQuerySet<M> {
        PartialQuerySet(self, method: "only", properties) { $0 }
    }

    /// Reads all columns of each row but some; stands last, before rows are asked for.
    ///
    /// Source: [Django, `defer`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#defer).
    public func `defer`(_ properties: any PartialKeyPath<M> & Sendable...) -> PartialQuerySet<M> {
        PartialQuerySet(self, method: "defer", properties) { !$0 }
    }
}

/// A query that reads some columns of its rows; made by ``QuerySet/only(_:)`` and ``QuerySet/defer(_:)``.
public struct PartialQuerySet<M: Model>: Sendable {
    private var rows: QuerySet<M>
    /// The fields that are read, in the order of the table's columns.
    private let fields: [Field<M>]

    fileprivate init(
        _ rows: QuerySet<M>, method: String, _ properties: [any PartialKeyPath<M> & Sendable],
        _ isRead: (_ isNamed: Bool) -> Bool
    ) {
        self.rows = rows.with { query in
            // Related rows cannot be told from partial ones: the reference would hold a model.
            if !query.selectRelated.isEmpty {
                query.problem = .invalidQuery(
                    "\(method) reads columns of \(M.self) only. Leave out selectRelated, or read columns of several "
                        + "tables by values { ($0.title, $0.author.name) }.")
            }
        }
        var named: Set<String> = []
        for property in properties {
            if let field = M.table.field(at: property), field.column != nil {
                named.insert(field.name)
            } else {
                self.rows.query.problem = .invalidQuery(
                    "'\(Field<M>.propertyName(property))' is not a column of \(M.self), so \(method) cannot name it.")
            }
        }
        fields = M.table.columns.filter { $0.schema?.isPrimaryKey == true || isRead(named.contains($0.name)) }
    }

    /// All rows.
    public func all() async throws -> [Partial<M>] { try await read(rows) }

    /// The first row, by primary key when there is no order; `nil` when there is none.
    public func first() async throws -> Partial<M>? { try await read(rows.orderedByKey().limit(1)).first }

    /// The last row, by primary key when there is no order; `nil` when there is none.
    public func last() async throws -> Partial<M>? { try await read(try rows.backwards().limit(1)).first }

    /// The only row.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)`` or ``ORMError/multipleObjects(model:)``.
    public func get() async throws -> Partial<M> {
        let found = try await read(rows.limit(2))
        guard let row = found.first else { throw ORMError.doesNotExist(model: "\(M.self)") }
        guard found.count == 1 else { throw ORMError.multipleObjects(model: "\(M.self)") }
        return row
    }

    /// The only row that satisfies the condition.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)`` or ``ORMError/multipleObjects(model:)``.
    public nonisolated(nonsending) func get(_ condition: (Columns<M>) -> Condition) async throws -> Partial<M> {
        var copy = self
        copy.rows = rows.filter(condition)
        return try await copy.get()
    }

    /// How many rows there are.
    public func count() async throws -> Int { try await rows.count() }

    /// Whether there is a row.
    public func exists() async throws -> Bool { try await rows.exists() }

    private func read(_ rows: QuerySet<M>) async throws -> [Partial<M>] {
        let columns = fields.compactMap(\.schema).map { SQLExpression.column(ColumnPath([], $0)) }
        let query = rows.query
        let database = try Database.current(for: query, query.access)
        guard !query.isNone else { return [] }
        try query.checkLock(database)
        let statement = try SQLCompiler.select(columns, from: query, database.dialect)
        let (table, fields) = (M.table, fields)
        var models = try await database.rows(statement, access: query.access) { row in
            var model = table.blank
            try withUnsafeMutablePointer(to: &model) { pointer in
                for (index, field) in fields.enumerated() {
                    try field.column?.decode(UnsafeMutableRawPointer(pointer), row, index)
                }
            }
            return model
        }
        if !rows.prefetches.isEmpty { try await rows.load(rows.prefetches, for: &models) }
        let loaded = Set(fields.map(\.name))
        return models.map { Partial($0, loaded: loaded) }
    }
}
