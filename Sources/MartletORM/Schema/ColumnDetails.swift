/// What a database itself computes or says of a column.
///
/// An object, since most columns have none of it and fields are copied with every expression.
final class ColumnDetails: Sendable, Hashable {
    let databaseDefault: SchemaExpression?
    let generated: GeneratedColumn?
    let comment: String?

    private init(_ databaseDefault: SchemaExpression?, _ generated: GeneratedColumn?, _ comment: String?) {
        self.databaseDefault = databaseDefault
        self.generated = generated
        self.comment = comment
    }

    /// The details, or nothing where there are none, so that equal fields compare equal.
    static func nonEmpty(
        _ databaseDefault: SchemaExpression?, _ generated: GeneratedColumn?, _ comment: String?
    ) -> ColumnDetails? {
        if databaseDefault == nil, generated == nil, comment == nil { return nil }
        return ColumnDetails(databaseDefault, generated, comment)
    }

    static func == (left: ColumnDetails, right: ColumnDetails) -> Bool {
        left.databaseDefault == right.databaseDefault && left.generated == right.generated
            && left.comment == right.comment
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(databaseDefault)
        hasher.combine(generated)
        hasher.combine(comment)
    }
}

/// What the database computes a column from.
public struct GeneratedColumn: Sendable, Hashable {
    /// The expression, over other columns of the row.
    public var expression: SchemaExpression

    /// Whether the value is kept in the table, or computed when it is read.
    public var isStored: Bool

    /// Makes a description.
    public init(_ expression: SchemaExpression, stored: Bool = true) {
        self.expression = expression
        isStored = stored
    }
}

extension FieldSchema {
    /// What the database gives to rows that are inserted without a value.
    public var databaseDefault: SchemaExpression? {
        get { details?.databaseDefault }
        set { details = .nonEmpty(newValue, generated, comment) }
    }

    /// What the database computes the column from; nobody else writes it.
    public var generated: GeneratedColumn? {
        get { details?.generated }
        set { details = .nonEmpty(databaseDefault, newValue, comment) }
    }

    /// What the database says about the column.
    public var comment: String? {
        get { details?.comment }
        set { details = .nonEmpty(databaseDefault, generated, newValue) }
    }

    /// The same field where fields that its expressions mention have other names.
    public func mapFields(_ name: (String) -> String) -> FieldSchema {
        guard details != nil else { return self }
        var copy = self
        copy.generated = generated.map { GeneratedColumn($0.expression.mapFields(name), stored: $0.isStored) }
        return copy
    }
}
