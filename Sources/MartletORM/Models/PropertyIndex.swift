/// Finds the line of a table that describes a property.
///
/// Every column in every query is looked up here, mostly by a key path that stands in the program and is the same object
/// each time: the address of such an object is found first. Then a property that is stored is found by its place in the
/// struct, which costs a fraction of hashing its key path.
final class PropertyIndex<M: Model>: Sendable {
    /// What queries make of each line. Without an array around it a use is read without counting references.
    // Written once, before anyone else has the index, and given back when nobody has it any more.
    private nonisolated(unsafe) let uses: UnsafeMutableBufferPointer<PropertyUse>

    /// The line of the property at each offset of the struct; -1 where none begins.
    private let linesByOffset: [Int16]

    /// The type of each line's property: a struct and its first property begin at the same place.
    private let types: [ObjectIdentifier]

    // Only the key paths of the lines are kept here, and those are Sendable; a lookup brings one that need not be.
    private nonisolated(unsafe) let linesByKeyPath: [AnyKeyPath: Int]

    private let known = KnownKeyPaths()

    /// - Parameters:
    ///   - fields: The lines of the table.
    ///   - table: The table's name in the database.
    init(_ fields: [Field<M>], table: String) {
        uses = .allocate(capacity: fields.count)
        _ = uses.initialize(from: fields.map { PropertyUse($0.schema, $0.relation, table: table) })
        types = fields.map { ObjectIdentifier(type(of: $0.keyPath).valueType) }
        var linesByOffset = [Int16](repeating: -1, count: MemoryLayout<M>.size + 1)
        var linesByKeyPath: [AnyKeyPath: Int] = [:]
        for (line, field) in fields.enumerated() {
            linesByKeyPath[field.keyPath] = line
            for alias in field.aliases { linesByKeyPath[alias] = line }
            // Generic code reaches the primary key through the protocol, by another key path than the property's own.
            if field.schema?.isPrimaryKey == true { linesByKeyPath[\M.id as AnyKeyPath] = line }
            guard let keyPath = field.keyPath as? PartialKeyPath<M>, let offset = MemoryLayout<M>.offset(of: keyPath),
                let narrow = Int16(exactly: line)
            else { continue }
            linesByOffset[offset] = narrow
        }
        self.linesByOffset = linesByOffset
        self.linesByKeyPath = linesByKeyPath
    }

    /// The line of any property.
    func line(ofAny keyPath: AnyKeyPath) -> Int? { linesByKeyPath[keyPath] }

    deinit {
        uses.deinitialize()
        uses.deallocate()
    }

    /// The column of a property as an expression; `nil` for a property without one.
    func column<V>(of keyPath: KeyPath<M, V>) -> SQLExpression? {
        guard let line = line(of: keyPath) else { return nil }
        return uses[line].column
    }

    /// The way to another table, as a list of one relation; `nil` for a property that is none.
    func way<V>(of keyPath: KeyPath<M, V>) -> [Relation]? {
        guard let line = line(of: keyPath) else { return nil }
        return uses[line].way
    }

    private func line<V>(of keyPath: KeyPath<M, V>) -> Int? {
        if let line = known.line(of: keyPath) { return line }
        guard let line = newLine(of: keyPath) else { return nil }
        known.add(keyPath, line: line)
        return line
    }

    private func newLine<V>(of keyPath: KeyPath<M, V>) -> Int? {
        if let offset = MemoryLayout<M>.offset(of: keyPath) {
            let line = Int(linesByOffset[offset])
            if line >= 0, types[line] == ObjectIdentifier(V.self) { return line }
        }
        return linesByKeyPath[keyPath]
    }
}

/// What queries make of a property.
private struct PropertyUse {
    let column: SQLExpression?
    let way: [Relation]?

    init(_ schema: FieldSchema?, _ relation: Relation?, table: String) {
        column = schema.map { .column(ColumnPath([], Column($0, of: table))) }
        way = relation.map { [$0] }
    }
}
