public import MartletHTTP
import MartletJSON
public import MartletORM

/// JSON of what a query has returned, without a serializer.
extension Response {
    /// Makes a JSON object of a row: a member for each field that has a column, named in snake_case.
    ///
    /// ```swift
    /// return try .json(post, only: \.title, \.slug)
    /// ```
    ///
    /// A foreign key is the id of the row it refers to. Moments are ISO 8601, as Django REST framework writes them. Name
    /// the fields where the model has some that are nobody's business; for more there are serializers.
    ///
    /// - Parameters:
    ///   - row: What is sent.
    ///   - fields: Those that are sent, in this order; all unless told.
    ///   - status: 200 unless told.
    ///   - pretty: Whether it is laid out for people.
    /// - Throws: `JSONError` for a field that has no column, a number that is not finite, or a date outside the years 1 to
    ///   9999.
    public static func json<M: Model>(
        _ row: M, only fields: PartialKeyPath<M>..., status: HTTPStatus = .ok, pretty: Bool = false
    ) throws -> Response {
        var writer = JSONWriter()
        try RowMembers(fields).write(row, to: &writer)
        return json(bytes: writer.bytes, status: status, pretty: pretty)
    }

    /// Makes a JSON array of rows, each as ``json(_:only:status:pretty:)-(M,_,_,_)`` makes it.
    ///
    /// ```swift
    /// return try .json(await Post.objects.published.all())
    /// ```
    public static func json<M: Model>(
        _ rows: [M], only fields: PartialKeyPath<M>..., status: HTTPStatus = .ok, pretty: Bool = false
    ) throws -> Response {
        let members = try RowMembers(fields)
        var writer = JSONWriter()
        writer.beginArray()
        for row in rows { try members.write(row, to: &writer) }
        writer.endArray()
        return json(bytes: writer.bytes, status: status, pretty: pretty)
    }

    /// Makes JSON of a model as its own `encode(to:)` says it.
    public static func json<M: Model & Encodable>(
        _ row: M, status: HTTPStatus = .ok, pretty: Bool = false
    ) throws -> Response {
        json(bytes: try JSON.encode(row), status: status, pretty: pretty)
    }

    /// Makes JSON of models as their own `encode(to:)` says it.
    public static func json<M: Model & Encodable>(
        _ rows: [M], status: HTTPStatus = .ok, pretty: Bool = false
    ) throws -> Response {
        json(bytes: try JSON.encode(rows), status: status, pretty: pretty)
    }

    /// Makes a JSON array of what `values` has returned, with a name for each value.
    ///
    /// ```swift
    /// let rows = try await Post.objects.values { ($0.title, $0.author.name, $0.comments.count) }
    /// return try .json(rows, names: "title", "author", "comments")
    /// ```
    ///
    /// - Parameters:
    ///   - rows: What is sent.
    ///   - names: The names of the members, in the order of the values.
    ///   - status: 200 unless told.
    ///   - pretty: Whether it is laid out for people.
    /// - Throws: `JSONError` when there are more or fewer names than values; for a number that is not finite.
    public static func json<each V: FieldValue>(
        _ rows: [(repeat each V)], names: String..., status: HTTPStatus = .ok, pretty: Bool = false
    ) throws -> Response {
        var writer = JSONWriter()
        writer.beginArray()
        for row in rows {
            var values: [SQLValue] = []
            for value in repeat each row { values.append(value.sqlValue) }
            try writer.object(names, values)
        }
        writer.endArray()
        return json(bytes: writer.bytes, status: status, pretty: pretty)
    }
}

/// The fields of a model that are sent.
private struct RowMembers<M: Model> {
    private let names: [JSONName]
    private let places: [Int]
    private let kinds: [FieldKind]

    init(_ fields: [PartialKeyPath<M>]) throws(JSONError) {
        let columns = M.columnNames
        var places: [Int] = []
        for field in fields {
            let name = M.fieldName(field)
            guard let place = columns.firstIndex(of: name) else {
                throw JSONError(
                    .invalidValue,
                    "'\(name)' is no field of \(M.self) with a column; write it with a serializer, or leave it out")
            }
            places.append(place)
        }
        self.places = fields.isEmpty ? Array(columns.indices) : places
        names = self.places.map { JSONName(columns[$0]) }
        let schemas = M.anyTable.columns
        kinds = self.places.map { schemas[$0].kind }
    }

    func write(_ row: M, to writer: inout JSONWriter) throws {
        let values = row.columnValues
        writer.beginObject()
        for (index, place) in places.enumerated() {
            writer.name(names[index])
            try writer.value(values[place], of: kinds[index])
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func object(_ names: [String], _ values: [SQLValue]) throws {
        guard names.count == values.count else {
            throw JSONError(
                .invalidValue, "rows of \(values.count) values have \(names.count) names; give each value its name")
        }
        beginObject()
        for (name, value) in zip(names, values) {
            self.name(name)
            try self.value(value)
        }
        endObject()
    }
}
