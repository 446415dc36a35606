extension Table {
    /// Describes another view of a model's table: Django's proxy.
    ///
    /// ```swift
    /// struct Headline: Model {
    ///     var id = UUID.v7()
    ///     var title = ""
    ///
    ///     static let table = Table<Headline>(
    ///         proxyOf: Post.self,
    ///         .uuid(\.id, primaryKey: true),
    ///         .char(\.title, maxLength: 200),
    ///         ordering: [.ascending(\.title)]
    ///     )
    /// }
    /// ```
    ///
    /// It reads and writes the other model's rows with the columns that it names, under methods and an order of its own.
    /// Migrations leave it out; the other model's table must have its columns, which is checked at the start.
    ///
    /// - Parameters:
    ///   - base: The model whose table it is.
    ///   - fields: One line for each stored property that is kept.
    ///   - shared: Lines that a protocol gives to all models that satisfy it.
    ///   - ordering: The order of queries that name none.
    public convenience init<Base: Model>(
        proxyOf base: Base.Type, _ fields: Field<M>..., fields shared: [Field<M>] = [],
        ordering: [Ordering<M>] = []
    ) {
        let schema = Base.anyTable.schema
        var lines = fields + shared
        for position in lines.indices {
            guard let own = lines[position].schema, own.kind.hasColumn else { continue }
            guard let theirs = schema.fields.first(where: { $0.column == own.column }) else {
                lines[position].problem =
                    "'\(Base.self)' has no column '\(own.column)', so '\(lines[position].property)' cannot be a view of "
                    + "it. Name its column with `column:`, or leave the line out."
                continue
            }
            // The column is what the other model says; only what is not written here is said again.
            lines[position].schema?.details = theirs.details
        }
        self.init(
            lines: lines, indexes: [], constraints: [], uniqueTogether: [], ordering: ordering, name: schema.table,
            managed: schema.isManaged, comment: nil, proxied: schema.proxied ?? schema.name)
    }
}
