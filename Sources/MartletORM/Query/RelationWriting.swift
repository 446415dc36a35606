// Changing relations of a saved row. What a query has loaded of them is not changed: load it again.

extension Model {
    // MARK: Many-to-many

    /// Adds rows to a many-to-many relation of this saved row; those that are in it already stay once.
    ///
    /// A transaction where more than one statement is needed.
    public func add<To: Model>(_ rows: [To], to property: KeyPath<Self, ManyToMany<To>>) async throws {
        try await links(property).add(LinkEnds(source: savedID(), targets: rows.map { try $0.savedID() }))
    }

    /// Adds rows to a many-to-many relation through a model, and completes the rows of that model.
    ///
    /// ```swift
    /// try await team.add([ann], to: \.members) { (link: inout Membership) in link.role = "captain" }
    /// ```
    public func add<To: Model, Through: Model>(
        _ rows: [To], to property: KeyPath<Self, ManyToMany<To>>,
        through prepare: @escaping @Sendable (inout Through) -> Void
    ) async throws {
        let ends = try LinkEnds<Self, To>(source: savedID(), targets: rows.map { try $0.savedID() })
        try await links(property).add(ends, prepare: LinkPreparation(body: prepare))
    }

    /// Removes rows from a many-to-many relation of this row.
    public func remove<To: Model>(_ rows: [To], from property: KeyPath<Self, ManyToMany<To>>) async throws {
        try await links(property).remove(LinkEnds(source: savedID(), targets: rows.map { try $0.savedID() }))
    }

    /// Makes rows the only ones in a many-to-many relation of this row; those that stay are not written.
    ///
    /// Two at once come one after the other, so that one of the two sets is what is left.
    public func set<To: Model>(_ rows: [To], for property: KeyPath<Self, ManyToMany<To>>) async throws {
        try await links(property).set(LinkEnds(source: savedID(), targets: rows.map { try $0.savedID() }))
    }

    /// Makes rows the only ones in a many-to-many relation through a model, and completes the new rows of that model.
    public func set<To: Model, Through: Model>(
        _ rows: [To], for property: KeyPath<Self, ManyToMany<To>>,
        through prepare: @escaping @Sendable (inout Through) -> Void
    ) async throws {
        let ends = try LinkEnds<Self, To>(source: savedID(), targets: rows.map { try $0.savedID() })
        try await links(property).set(ends, prepare: LinkPreparation(body: prepare))
    }

    /// Empties a many-to-many relation of this row.
    public func clear<To: Model>(_ property: KeyPath<Self, ManyToMany<To>>) async throws {
        try await links(property).clear(LinkEnds(source: savedID(), targets: []))
    }

    /// Inserts a row and adds it to a many-to-many relation of this one, in one transaction.
    @discardableResult
    public func create<To: Model>(_ row: To, in property: KeyPath<Self, ManyToMany<To>>) async throws -> To {
        try await transaction {
            let row = try await To.objects.create(row)
            try await self.add([row], to: property)
            return row
        }
    }

    /// Inserts a row and adds it to a many-to-many relation through a model, in one transaction.
    @discardableResult
    public func create<To: Model, Through: Model>(
        _ row: To, in property: KeyPath<Self, ManyToMany<To>>,
        through prepare: @escaping @Sendable (inout Through) -> Void
    ) async throws -> To {
        try await transaction {
            let row = try await To.objects.create(row)
            try await self.add([row], to: property, through: prepare)
            return row
        }
    }

    /// The row of a many-to-many relation that satisfies a condition; inserted and added when there is none.
    ///
    /// - Returns: The row, and whether it is new.
    /// - Throws: ``ORMError/multipleObjects(model:)``.
    public nonisolated(nonsending) func getOrCreate<To: Model>(
        in property: any KeyPath<Self, ManyToMany<To>> & Sendable, _ condition: (Columns<To>) -> Condition,
        or row: @autoclosure () -> To
    ) async throws -> (row: To, isNew: Bool) {
        let query = related(property).filter(condition).with { $0.isForWriting = true }
        if let found = try await query.onlyRow() { return (found, false) }
        let row = row()
        return try await query.orCreate { try await self.create(row, in: property) }
    }

    // MARK: From the other side

    /// Adds rows to the other side of a relation: links them, or lets their foreign key refer to this saved row.
    ///
    /// SQL of a foreign key: `UPDATE comment SET post_id = ? WHERE id IN (…)`.
    public func add<From: Model>(_ rows: [From], to property: KeyPath<Self, Related<From>>) async throws {
        switch try reverse(property) {
        case .links(let table): try await table.add(LinkEnds(target: savedID(), sources: rows.map { try $0.savedID() }))
        case .reference(let reference): try await reference.add(rows.map { try $0.savedID() }, to: savedID())
        }
    }

    /// Removes rows from the other side of a relation: unlinks them, or clears their foreign key if it refers to this row.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` where the foreign key is not optional.
    public func remove<From: Model>(_ rows: [From], from property: KeyPath<Self, Related<From>>) async throws {
        switch try reverse(property) {
        case .links(let table):
            try await table.remove(LinkEnds(target: savedID(), sources: rows.map { try $0.savedID() }))
        case .reference(let reference): try await reference.remove(rows.map { try $0.savedID() }, from: savedID())
        }
    }

    /// Makes rows the only ones at the other side of a relation.
    ///
    /// Rows whose foreign key is not optional cannot be let go: those that are there stay, as in Django.
    public func set<From: Model>(_ rows: [From], for property: KeyPath<Self, Related<From>>) async throws {
        switch try reverse(property) {
        case .links(let table): try await table.set(LinkEnds(target: savedID(), sources: rows.map { try $0.savedID() }))
        case .reference(let reference): try await reference.set(rows.map { try $0.savedID() }, of: savedID())
        }
    }

    /// Empties the other side of a relation.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` where the foreign key is not optional.
    public func clear<From: Model>(_ property: KeyPath<Self, Related<From>>) async throws {
        switch try reverse(property) {
        case .links(let table): try await table.clear(LinkEnds(target: savedID(), sources: []))
        case .reference(let reference): try await reference.clear(savedID())
        }
    }

    /// Inserts a row that belongs to this one: its foreign key refers to it, or it is linked.
    ///
    /// ```swift
    /// try await post.create(Comment(text: "First!"), in: \.comments)
    /// ```
    @discardableResult
    public func create<From: Model>(_ row: From, in property: KeyPath<Self, Related<From>>) async throws -> From {
        switch try reverse(property) {
        case .reference(let reference): return try await From.objects.create(reference.referring(row, to: savedID()))
        case .links(let table):
            return try await transaction {
                let row = try await From.objects.create(row)
                try await table.add(LinkEnds(target: self.savedID(), sources: [row.id]))
                return row
            }
        }
    }

    /// The row at the other side of a relation that satisfies a condition; inserted when there is none.
    ///
    /// - Returns: The row, and whether it is new.
    /// - Throws: ``ORMError/multipleObjects(model:)``.
    public nonisolated(nonsending) func getOrCreate<From: Model>(
        in property: any KeyPath<Self, Related<From>> & Sendable, _ condition: (Columns<From>) -> Condition,
        or row: @autoclosure () -> From
    ) async throws -> (row: From, isNew: Bool) {
        let query = related(property).filter(condition).with { $0.isForWriting = true }
        if let found = try await query.onlyRow() { return (found, false) }
        let row = row()
        return try await query.orCreate { try await self.create(row, in: property) }
    }

    // MARK: Queries

    /// The rows of a many-to-many relation of this row, as a query.
    public func related<To: Model>(_ property: KeyPath<Self, ManyToMany<To>>) -> QuerySet<To> {
        related(at: property)
    }

    /// The rows that refer to this row, as a query.
    public func related<From: Model>(_ property: KeyPath<Self, Related<From>>) -> QuerySet<From> {
        related(at: property)
    }

    /// The one row that refers to this row, as a query.
    public func related<From: Model>(_ property: KeyPath<Self, RelatedOne<From>>) -> QuerySet<From> {
        related(at: property)
    }
}

// MARK: Inside

/// How the other side of a relation is written.
private enum ReverseWriting<Owner: Model, From: Model> {
    case links(LinkTable<From, Owner>)
    case reference(ReverseReference<Owner, From>)
}

extension Model {
    private func related<To: Model>(at property: AnyKeyPath) -> QuerySet<To> {
        let key = id.sqlValue
        return QuerySet<To>().with { query in
            switch Self.table.field(at: property)?.relation?.link {
            case .reverse(let column)?:
                let field = query.table.columns.first { $0.column == column } ?? query.table.primaryKey
                query.conditions.append(.comparison(.equal, .column(ColumnPath([], field)), .value(key)))
            case .through(let table, let here, let there)?:
                let target = SQLExpression.column(ColumnPath([], query.table.primaryKey))
                query.conditions.append(
                    .inThrough(target, .through(table: table, here: here, there: there), key: key))
            default: query.problem = Self.noRelation(property)
            }
        }
    }

    private static func noRelation(_ property: AnyKeyPath) -> ORMError {
        .invalidQuery(
            "'\(Field<Self>.propertyName(property))' is not a relation of \(Self.self). Add it to its table.")
    }

    private func links<To: Model>(_ property: KeyPath<Self, ManyToMany<To>>) throws(ORMError) -> LinkTable<Self, To> {
        guard let links = Self.table.field(at: property)?.links as? LinkTable<Self, To> else {
            throw Self.noRelation(property)
        }
        return links
    }

    private func reverse<From: Model>(
        _ property: KeyPath<Self, Related<From>>
    ) throws(ORMError) -> ReverseWriting<Self, From> {
        let links = Self.table.field(at: property)?.links
        if let reference = links as? ReverseReference<Self, From> { return .reference(reference) }
        guard let table = (links as? ReverseLinks<Self, From>)?.table else { throw Self.noRelation(property) }
        return .links(table)
    }

    /// The id, which a row must have before others can refer to it.
    func savedID() throws(ORMError) -> ID {
        guard hasUnsetID else { return id }
        throw .invalidQuery(
            "This \(Self.self) has no id yet, so its relations cannot be changed. Save it first; `create` and `save` "
                + "give it one.")
    }
}

extension QuerySet {
    /// Makes a row that the query did not find; where somebody else was faster, the row is theirs.
    fileprivate func orCreate(_ create: @Sendable () async throws -> M) async throws -> (row: M, isNew: Bool) {
        do {
            // A transaction that goes around this one goes on after an error.
            return (try await query.bound(.write) { _ in try await transaction { try await create() } }, true)
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            guard let found = try await onlyRow() else { throw error }
            return (found, false)
        }
    }
}
