import FoundationEssentials
import MartletJSON
import MartletTemplates

extension Field {
    /// Bytes.
    public static func binary<V: BinaryValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, validators: [Validator<V>] = [],
        column: String? = nil
    ) -> Field {
        make(property, .binary, column: column, unique: unique).ruled(property, validators)
    }

    /// Bytes.
    public static func binary(
        _ property: any WritableKeyPath<M, [UInt8]> & Sendable, column: String? = nil
    ) -> Field {
        coded(
            property, .binary, null: false, column: column, encode: { .bytes($0) },
            decode: { row, index throws(DecodingProblem) in try row.bytes(at: index) })
    }

    /// Bytes, or null.
    public static func binary(
        _ property: any WritableKeyPath<M, [UInt8]?> & Sendable, column: String? = nil
    ) -> Field {
        coded(
            property, .binary, null: true, column: column, encode: { $0.map(SQLValue.bytes) ?? .null },
            decode: { row, index throws(DecodingProblem) in row.isNull(at: index) ? nil : try row.bytes(at: index) })
    }

    /// A document of JSON: any `JSONValue`, or a type of your own that is `Codable`.
    ///
    /// A value that JSON cannot say, such as a number that is not finite, is an error before anything is saved.
    public static func json<V: Codable & Sendable>(
        _ property: any WritableKeyPath<M, V> & Sendable, column: String? = nil
    ) -> Field {
        var field = coded(
            property, .json, null: false, column: column,
            encode: { (try? JSONColumn.text(of: $0)).map(SQLValue.json) ?? .null },
            decode: { row, index throws(DecodingProblem) in try JSONColumn.decode(V.self, from: row, at: index) })
        field.problemOfValue = { Self.jsonProblem($0[keyPath: property]) }
        return field
    }

    /// A document of JSON, or null.
    ///
    /// `nil` is SQL's null. A null inside of JSON is the free value `JSONValue.null`.
    public static func json<V: Codable & Sendable>(
        _ property: any WritableKeyPath<M, V?> & Sendable, column: String? = nil
    ) -> Field {
        var field = coded(
            property, .json, null: true, column: column,
            encode: { $0.flatMap { try? JSONColumn.text(of: $0) }.map(SQLValue.json) ?? .null },
            decode: { row, index throws(DecodingProblem) in
                row.isNull(at: index) ? nil : try JSONColumn.decode(V.self, from: row, at: index)
            })
        field.problemOfValue = { $0[keyPath: property].flatMap(Self.jsonProblem) }
        return field
    }

    private static func jsonProblem(_ value: some Encodable) -> String? {
        do {
            _ = try JSONColumn.text(of: value)
            return nil
        } catch {
            return "it cannot be written as JSON: \(error)"
        }
    }

    /// A field whose type need not be a ``FieldValue``.
    private static func coded<V: Sendable>(
        _ keyPath: any WritableKeyPath<M, V> & Sendable, _ kind: FieldKind, null: Bool, column: String?,
        encode: @escaping @Sendable (V) -> SQLValue,
        decode: @escaping @Sendable (any Row, Int) throws(DecodingProblem) -> V
    ) -> Field {
        let property = propertyName(keyPath)
        var field = Field(name: snakeCased(property), property: property, keyPath: keyPath)
        field.schema = FieldSchema(field.name, kind, column: column, null: null)
        field.template = { TemplateValue(encode($0[keyPath: keyPath])) }
        guard let offset = MemoryLayout<M>.offset(of: keyPath) else {
            field.problem = "A line names a computed property of type \(V.self); a field needs a stored one."
            return field
        }
        field.column = ColumnAccess(
            decode: { base, row, index throws(DecodingProblem) in
                base.advanced(by: offset).assumingMemoryBound(to: V.self).pointee = try decode(row, index)
            },
            encode: { base in encode(base.advanced(by: offset).assumingMemoryBound(to: V.self).pointee) })
        return field
    }
}
