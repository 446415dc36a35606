import FoundationEssentials

/// Reads and writes one stored property by its offset in the struct, which is many times faster than by key path.
struct ColumnAccess: Sendable {
    /// Decodes the column into the model at the address.
    let decode: RowCoding.Decode
    /// The property of the model at the address.
    let encode: RowCoding.Encode
    /// The property as it is, where ``encode`` changes it on its way to the database.
    let original: RowCoding.Encode

    init(
        decode: @escaping RowCoding.Decode, encode: @escaping RowCoding.Encode, original: RowCoding.Encode? = nil
    ) {
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
    ///
    /// The types of most columns are named here: for them the compiler makes code of their own, which takes half the
    /// time of code for any type.
    static func stored<V: FieldValue>(_ type: V.Type, at offset: Int) -> ColumnAccess {
        if type == Int.self { return plain(Int.self, at: offset) }
        if type == String.self { return plain(String.self, at: offset) }
        if type == Date.self { return plain(Date.self, at: offset) }
        if type == Bool.self { return plain(Bool.self, at: offset) }
        if type == UUID.self { return plain(UUID.self, at: offset) }
        if type == Double.self { return plain(Double.self, at: offset) }
        if type == Int?.self { return plain(Int?.self, at: offset) }
        if type == String?.self { return plain(String?.self, at: offset) }
        if type == Date?.self { return plain(Date?.self, at: offset) }
        return plain(type, at: offset)
    }

    private static func plain<V: FieldValue>(_: V.Type, at offset: Int) -> ColumnAccess {
        ColumnAccess(
            decode: { base, row, index throws(DecodingProblem) in
                base.advanced(by: offset).assumingMemoryBound(to: V.self).pointee = try V.decode(from: row, at: index)
            },
            encode: { base in base.advanced(by: offset).assumingMemoryBound(to: V.self).pointee.sqlValue })
    }
}
