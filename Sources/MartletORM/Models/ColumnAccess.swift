/// Reads and writes one stored property by its offset in the struct, which is many times faster than by key path.
struct ColumnAccess: Sendable {
    typealias Decode = @Sendable (UnsafeMutableRawPointer, any Row, Int) throws(DecodingProblem) -> Void
    typealias Encode = @Sendable (UnsafeRawPointer) -> SQLValue

    /// Decodes the column into the model at the address.
    let decode: Decode
    /// The property of the model at the address.
    let encode: Encode
    /// The property as it is, where ``encode`` changes it on its way to the database.
    let original: Encode
    /// The way without closures, for a property of a common type that is stored as it is. It decodes into a model that was
    /// just made.
    var direct: DirectColumn?

    init(decode: @escaping Decode, encode: @escaping Encode, original: Encode? = nil) {
        self.decode = decode
        self.encode = encode
        self.original = original ?? encode
    }

    /// The same, with values changed on their way to the database.
    func encoding(_ change: @escaping @Sendable (SQLValue) -> SQLValue) -> ColumnAccess {
        ColumnAccess(decode: decode, encode: { [encode] in change(encode($0)) }, original: encode)
    }
}

extension ColumnAccess {
    /// A property whose type reads and writes itself.
    static func stored<V: FieldValue>(_ type: V.Type, at offset: Int) -> ColumnAccess {
        guard let direct = DirectColumn(type, at: offset) else { return plain(type, at: offset) }
        var access = ColumnAccess(
            decode: { base, row, index throws(DecodingProblem) in try direct.decode(row, at: index, into: base) },
            encode: { direct.encode($0) })
        access.direct = direct
        return access
    }

    private static func plain<V: FieldValue>(_: V.Type, at offset: Int) -> ColumnAccess {
        ColumnAccess(
            decode: { base, row, index throws(DecodingProblem) in
                base.advanced(by: offset).assumingMemoryBound(to: V.self).pointee = try V.decode(from: row, at: index)
            },
            encode: { base in base.advanced(by: offset).assumingMemoryBound(to: V.self).pointee.sqlValue })
    }
}
