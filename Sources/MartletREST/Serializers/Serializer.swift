package import MartletJSON
public import MartletORM

/// How rows of a model become JSON: a value, written once, that names each member.
///
/// ```swift
/// let postSerializer = Serializer<Post>(
///     .field(\.title),
///     .field(\.publishedOn),
///     .nested(\.author, authorSerializer),
///     .slugRelated(\.tags, \.name),
///     .computed("excerpt") { post in String(post.body.prefix(80)) }
/// )
/// ```
///
/// Members are named in snake_case, as Django REST framework's are.
///
/// Source: [DRF, serializers](https://www.django-rest-framework.org/api-guide/serializers/).
public struct Serializer<M: Model>: Sendable {
    private let fields: [SerializerField<M>]

    /// Makes a serializer.
    public init(_ fields: SerializerField<M>...) {
        self.fields = fields
    }

    /// The row as JSON text.
    ///
    /// - Throws: ``MartletORM/ORMError/notLoaded(relation:remedy:)`` when a member reads a relation that the query
    ///   did not load; what a computed member throws.
    public func json(_ model: M) throws -> [UInt8] {
        var writer = JSONWriter()
        try write(model, to: &writer)
        return writer.bytes
    }

    /// The rows as a JSON array.
    public func json(_ models: [M]) throws -> [UInt8] {
        var writer = JSONWriter()
        try write(models, to: &writer)
        return writer.bytes
    }

    package func write(_ model: M, to writer: inout JSONWriter) throws {
        writer.beginObject()
        for field in fields {
            writer.name(field.name)
            try field.write(model, &writer)
        }
        writer.endObject()
    }

    package func write(_ models: [M], to writer: inout JSONWriter) throws {
        writer.beginArray()
        for model in models { try write(model, to: &writer) }
        writer.endArray()
    }
}
