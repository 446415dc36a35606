public import MartletORM

/// Adds an index to a model while others go on writing to its table.
///
/// ```swift
/// static let blog0007Index = Migration("0007_index", dependencies: ["blog.0006_post"], atomic: false) {
///     AddIndexConcurrently("Post", .init(name: "post_status_idx", fields: ["status"]))
/// }
/// ```
///
/// PostgreSQL reads the table twice and does not do it in a transaction, so the migration is not atomic and best has no
/// other operation. SQLite has one lock for everything and makes the index as usual.
///
/// Source: [Django, `AddIndexConcurrently`](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#concurrent-index-operations).
public struct AddIndexConcurrently: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The index.
    public let index: IndexSchema

    /// Makes the operation.
    public init(_ model: String, _ index: IndexSchema) {
        self.model = model
        self.index = index
    }

    /// `Concurrently create index post_status_idx on field(s) status of model post`.
    public var description: String {
        "Concurrently create index \(index.name) on field(s) \(index.fields.joined(separator: ", ")) "
            + "of model \(model.lowercased())"
    }

    /// `post_post_status_idx`.
    public var nameFragment: String? { AddIndex(model, index).nameFragment }

    /// It does not.
    public var runsOutsideTransactions: Bool { true }

    /// Adds the index.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try AddIndex(model, index).apply(to: &state, app: app)
    }

    /// The table whose indexes change while others write.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        .concurrent(after.model(ModelName(app: app, name: model)))
    }
}

/// Removes an index from a model while others go on reading and writing its table; see ``AddIndexConcurrently``.
///
/// Source: [Django, `RemoveIndexConcurrently`](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#concurrent-index-operations).
public struct RemoveIndexConcurrently: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The index's name.
    public let name: String

    /// Makes the operation.
    public init(_ model: String, _ name: String) {
        self.model = model
        self.name = name
    }

    /// `Concurrently remove index post_status_idx from post`.
    public var description: String { "Concurrently remove index \(name) from \(model.lowercased())" }

    /// `remove_post_post_status_idx`.
    public var nameFragment: String? { RemoveIndex(model, name).nameFragment }

    /// It does not.
    public var runsOutsideTransactions: Bool { true }

    /// Removes the index.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try RemoveIndex(model, name).apply(to: &state, app: app)
    }

    /// The table whose indexes change while others write.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        .concurrent(after.model(ModelName(app: app, name: model)))
    }
}

extension SchemaHints {
    fileprivate static func concurrent(_ model: ModelSchema?) -> SchemaHints {
        var hints = SchemaHints()
        if let model { hints.concurrent = [model.table] }
        return hints
    }
}
