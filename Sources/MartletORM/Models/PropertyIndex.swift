/// Finds the line of a table that describes a property.
///
/// Every column in every query is looked up here. A property that is stored is found by its place in the struct, which
/// costs a fraction of hashing its key path.
struct PropertyIndex<M: Model>: Sendable {
    /// The line of the property at each offset of the struct; -1 where none begins.
    private var linesByOffset: [Int16]

    /// The type of each line's property: a struct and its first property begin at the same place.
    private let types: [ObjectIdentifier]

    // Only the key paths of the lines are kept here, and those are Sendable; a lookup brings one that need not be.
    private nonisolated(unsafe) var linesByKeyPath: [AnyKeyPath: Int] = [:]

    init(_ fields: [Field<M>]) {
        linesByOffset = [Int16](repeating: -1, count: MemoryLayout<M>.size + 1)
        types = fields.map { ObjectIdentifier(type(of: $0.keyPath).valueType) }
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
    }

    /// The line of any property.
    func line(ofAny keyPath: AnyKeyPath) -> Int? { linesByKeyPath[keyPath] }

    /// The line of a property of the model.
    func line<V>(of keyPath: KeyPath<M, V>) -> Int? {
        if let offset = MemoryLayout<M>.offset(of: keyPath) {
            let line = Int(linesByOffset[offset])
            if line >= 0, types[line] == ObjectIdentifier(V.self) { return line }
        }
        return linesByKeyPath[keyPath]
    }
}
