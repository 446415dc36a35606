/// What becomes of a new row that breaks a unique constraint.
///
/// Source: [PostgreSQL, ON CONFLICT](https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT); SQLite has
/// taken it over.
public struct ConflictResolution<M: Model>: Sendable {
    /// Whose values together are unique; empty for any constraint.
    let target: [any PartialKeyPath<M> & Sendable]
    /// What of the row that is there is overwritten; `nil` when it is left alone.
    let updated: [any PartialKeyPath<M> & Sendable]?

    /// It is left out.
    public static var ignore: Self { Self(target: [], updated: nil) }

    /// It is left out when it breaks this constraint; breaking another is an error.
    public static func ignore(on unique: any PartialKeyPath<M> & Sendable...) -> Self {
        Self(target: unique, updated: nil)
    }

    /// Its values of some properties overwrite those of the row that is there.
    ///
    /// ```swift
    /// try await Price.objects.createMany(prices, onConflict: .update(\.amount, on: \.product, \.day))
    /// ```
    ///
    /// - Parameters:
    ///   - fields: What is overwritten.
    ///   - unique: The properties of a unique constraint, or the primary key.
    public static func update(
        _ fields: any PartialKeyPath<M> & Sendable..., on unique: any PartialKeyPath<M> & Sendable...
    ) -> Self {
        Self(target: unique, updated: fields)
    }
}

/// The same by columns.
package struct ConflictColumns: Sendable {
    package let target: [String]
    /// `nil` when the row that is there is left alone.
    package let updated: [String]?

    /// Whatever the constraint, the new row is left out.
    package static let ignored = ConflictColumns(target: [], updated: nil)

    /// `ON CONFLICT ("slug") DO UPDATE SET "title" = EXCLUDED."title"`.
    func sql(_ dialect: any SQLDialect) -> String {
        let columns = target.map(dialect.quoted).joined(separator: ", ")
        let place = target.isEmpty ? "" : " (\(columns))"
        guard let updated else { return " ON CONFLICT\(place) DO NOTHING" }
        let sets = updated.map { "\(dialect.quoted($0)) = EXCLUDED.\(dialect.quoted($0))" }
        return " ON CONFLICT\(place) DO UPDATE SET \(sets.joined(separator: ", "))"
    }
}

extension ConflictResolution {
    /// - Throws: ``ORMError/invalidQuery(_:)`` for a property without a column, and where nothing is named.
    func columns() throws(ORMError) -> ConflictColumns {
        var target: [String] = []
        for property in self.target { target.append(try Self.field(property).column) }
        guard let properties = updated else { return ConflictColumns(target: target, updated: nil) }
        guard !target.isEmpty else {
            throw .invalidQuery("An upsert must be told which properties are unique: `on: \\.slug`.")
        }
        var updated: [String] = []
        for property in properties {
            let field = try Self.field(property)
            guard !field.isPrimaryKey else {
                throw .invalidQuery("An upsert cannot overwrite the primary key. Name other properties.")
            }
            guard field.details == nil || field.generated == nil else {
                throw .invalidQuery(
                    "An upsert cannot overwrite '\(M.self).\(field.name)', which the database computes from other "
                        + "columns. Name those.")
            }
            updated.append(field.column)
        }
        if updated.isEmpty { updated = Self.overwritable(besides: target) }
        guard !updated.isEmpty else {
            throw .invalidQuery("An upsert of \(M.self) has nothing to overwrite. Use `onConflict: .ignore`.")
        }
        return ConflictColumns(target: target, updated: updated)
    }

    /// What an upsert overwrites unless told: everything but the key, what is unique, and the moment of creation.
    private static func overwritable(besides target: [String]) -> [String] {
        M.table.columns.compactMap { field in
            guard let schema = field.schema, !schema.isPrimaryKey, field.clock != .onCreate else { return nil }
            guard schema.details == nil || schema.generated == nil else { return nil }
            return target.contains(schema.column) ? nil : schema.column
        }
    }

    private static func field(_ property: any PartialKeyPath<M> & Sendable) throws(ORMError) -> FieldSchema {
        guard let schema = M.table.field(at: property)?.schema, schema.kind.hasColumn else {
            throw .invalidQuery(
                "'\(Field<M>.propertyName(property))' is not a column of \(M.self). Name properties of its table.")
        }
        return schema
    }
}
