/// A typed expression: a column, a value, or something computed from them.
///
/// `V` is the type the expression has in Swift; comparing it with a value of another type does not compile.
public struct Expr<V: FieldValue>: Sendable {
    package let sql: SQLExpression

    package init(_ sql: SQLExpression) {
        self.sql = sql
    }
}

extension Expr {
    /// The same expression with a type that holds null; one that does already stays as it is.
    ///
    /// Columns behind an optional reference, or behind a relation to many, have such a type by themselves.
    public var optional: Expr<V.Unwrapped?> { Expr<V.Unwrapped?>(sql) }
}

/// An expression that is true or false.
public typealias Condition = Expr<Bool>

/// Whose columns a closure of a query sees.
///
/// A property of the model is a column; a relation is the other model's columns, and becomes a join.
public protocol ColumnScope: Sendable {
    /// The model whose columns these are.
    associatedtype M: Model
    /// The relations that lead here.
    var path: RelationPath { get }
}

/// The relations that lead from a query's table to another.
public struct RelationPath: Sendable {
    package var relations: [Relation] = []
    /// A relation the table does not describe; reported when the query is compiled.
    private(set) var unknown: UnknownProperty?

    func appending<M: Model, V>(_ keyPath: KeyPath<M, V>) -> RelationPath {
        guard unknown == nil else { return self }
        var path = self
        if let way = M.table.way(at: keyPath) {
            // The list of one relation is the table's own, so that most paths take no memory.
            if path.relations.isEmpty { path.relations = way } else { path.relations += way }
        } else {
            path.unknown = UnknownProperty("\(M.self)", Field<M>.propertyName(keyPath))
        }
        return path
    }

    /// A column at the end.
    func column<M: Model, V>(_ keyPath: KeyPath<M, V>, of table: Table<M> = M.table) -> SQLExpression {
        guard unknown == nil, let column = table.column(at: keyPath) else { return unknownColumn(keyPath) }
        return relations.isEmpty ? column : column.reached(over: relations)
    }

    private func unknownColumn<M: Model, V>(_ keyPath: KeyPath<M, V>) -> SQLExpression {
        let unknown = unknown ?? UnknownProperty("\(M.self)", Field<M>.propertyName(keyPath))
        return .unknown(model: unknown.model, property: unknown.property)
    }
}

/// A property that its model's table does not describe. An object, since every column is reached over a path, and hardly
/// one has such a property.
final class UnknownProperty: Sendable {
    let model: String
    let property: String

    init(_ model: String, _ property: String) {
        self.model = model
        self.property = property
    }
}

/// The columns of the query's table, or of one that required foreign keys lead to.
@dynamicMemberLookup
public struct Columns<M: Model>: ColumnScope {
    /// The relations that lead here.
    public let path: RelationPath

    // At hand, since a filter asks for it once for each column.
    private let table: Table<M>

    init(_ path: RelationPath = RelationPath()) {
        self.path = path
        table = M.table
    }

    /// A column.
    public subscript<V: FieldValue>(dynamicMember keyPath: KeyPath<M, V>) -> Expr<V> {
        // Asked of the path: through the protocol the scope's conformance would be looked up for each column.
        Expr(path.column(keyPath, of: table))
    }

    /// The columns a foreign key leads to.
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>>) -> Columns<To> {
        Columns<To>(path.appending(keyPath))
    }

    /// The columns an optional foreign key leads to; they are null where it is.
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>?>) -> OptionalColumns<To> {
        OptionalColumns<To>(path.appending(keyPath))
    }

    /// The columns of the one row that refers to this one; they are null where there is none.
    public subscript<From: Model>(dynamicMember keyPath: KeyPath<M, RelatedOne<From>>) -> OptionalColumns<From> {
        OptionalColumns<From>(path.appending(keyPath))
    }
}

extension ColumnScope {
    /// The columns a many-to-many field leads to.
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ManyToMany<To>>) -> RelatedColumns<To> {
        RelatedColumns<To>(path.appending(keyPath))
    }

    /// The columns of the rows that refer to this one.
    public subscript<From: Model>(dynamicMember keyPath: KeyPath<M, Related<From>>) -> RelatedColumns<From> {
        RelatedColumns<From>(path.appending(keyPath))
    }

    /// A column as an expression without its type.
    package func column<V>(_ keyPath: KeyPath<M, V>) -> SQLExpression { path.column(keyPath) }
}
