/// A row of which only some columns were read; made by ``QuerySet/only(_:)`` and ``QuerySet/defer(_:)``.
///
/// ```swift
/// var post = try await Post.objects.only(\.title, \.slug).get { $0.slug == "swift" }
/// print(try post.title)
/// try post.set(\.title, to: "Swift 6")
/// try await post.save()                  // writes title and slug, and nothing else
/// let whole = try await post.complete()  // reads the whole row
/// ```
///
/// A property that was not read is an error that names the remedy: never a wrong value, and never a query, as it is in
/// Django. So is a computed property, since it may read any other.
@dynamicMemberLookup
public struct Partial<M: Model>: Sendable, Identifiable {
    private var model: M
    private var loaded: Set<String>

    init(_ model: M, loaded: Set<String>) {
        self.model = model
        self.loaded = loaded
    }

    /// What identifies the row; always read.
    public var id: M.ID { model.id }

    /// A property of the row.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for one that was not read.
    public subscript<V>(dynamicMember property: KeyPath<M, V>) -> V {
        get throws(ORMError) {
            try check(property)
            return model[keyPath: property]
        }
    }

    /// Whether a property can be read.
    public func isLoaded(_ property: PartialKeyPath<M>) -> Bool {
        guard let field = M.table.field(at: property) else { return false }
        // A relation to many has no column, and says itself whether its rows are at hand.
        return field.column == nil || loaded.contains(field.name)
    }

    /// Sets a property, which can be read and is written from then on.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for the primary key, and for a property without a column.
    public mutating func set<V>(_ property: WritableKeyPath<M, V>, to value: V) throws(ORMError) {
        guard let field = M.table.field(at: property), field.column != nil, field.schema?.isPrimaryKey == false else {
            throw .invalidQuery(
                "'\(Field<M>.propertyName(property))' of a partial \(M.self) cannot be set. Name a property with a column "
                    + "that is not the primary key.")
        }
        model[keyPath: property] = value
        loaded.insert(field.name)
    }

    /// Writes the columns that were read or set, and the moments that every save sets.
    ///
    /// Hooks do not hear of it: they would see a model with properties that nobody has read.
    ///
    /// - Throws: ``ORMError/nothingUpdated(model:)`` when the row is no longer there; ``DatabaseError``.
    public mutating func save() async throws {
        let table = M.table
        var updated = model
        table.stamp(&updated, isNew: false)
        var settable: [(column: FieldSchema, value: SQLExpression)] = []
        var written = loaded
        for (field, value) in zip(table.columns, table.encode(updated)) {
            guard let schema = field.schema, !schema.isPrimaryKey, schema.generated == nil, field.clock != .onCreate
            else { continue }
            guard loaded.contains(field.name) || field.clock == .onSave else { continue }
            if value.isNull, !schema.isNull, schema.kind.target != nil {
                throw ORMError.missingReference(model: "\(M.self)", field: field.property)
            }
            settable.append((schema, .value(value)))
            written.insert(field.name)
        }
        try table.checkStorable(settable)
        // What the database computes from the columns is no longer known.
        for field in table.columns where field.schema?.generated != nil { written.remove(field.name) }
        let id = id
        let row = M.unscoped.filter { $0.id == id }
        let database = try Database.current(for: row.query, .write)
        let exists =
            if settable.isEmpty {
                try await row.exists()
            } else {
                try await database.execute(SQLCompiler.update(row.query, set: settable, database.dialect)).changedRows
                    > 0
            }
        guard exists else { throw ORMError.nothingUpdated(model: "\(M.self)") }
        (model, loaded) = (updated, written)
    }

    /// Reads the whole row.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)`` when it is no longer there.
    public func complete() async throws -> M {
        let id = id
        return try await M.unscoped.filter { $0.id == id }.unordered.get()
    }

    private func check(_ property: PartialKeyPath<M>) throws(ORMError) {
        guard !isLoaded(property) else { return }
        let name = Field<M>.propertyName(property)
        guard M.table.field(at: property) != nil else {
            throw .invalidQuery(
                "'\(M.self).\(name)' is computed, and may read what this partial row has not. Call complete() for the "
                    + "whole row.")
        }
        throw .invalidQuery(
            "'\(M.self).\(name)' was not read, and reading it never queries. Add `\\.\(name)` to only(…), leave it out of "
                + "defer(…), or call complete() for the whole row.")
    }
}
