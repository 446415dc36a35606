import Synchronization

/// The SQL of queries that were compiled before, by their shape.
///
/// A site runs few shapes of queries, and each again and again with other values.
final class CompiledQueries: Sendable {
    /// What is asked of a query's rows.
    enum Kind: UInt {
        case rows
        case count
        case exists
    }

    private final class Entry: Sendable {
        let words: [UInt]
        let sql: String
        // Never read: as long as they live, no address among the words is given again.
        nonisolated(unsafe) private let objects: [AnyObject]

        init(_ words: [UInt], _ sql: String, _ objects: [AnyObject]) {
            self.words = words
            self.sql = sql
            self.objects = objects
        }

        func isOf(_ shape: UnsafeBufferPointer<UInt>) -> Bool {
            guard words.count == shape.count else { return false }
            for index in shape.indices where words[index] != shape[index] { return false }
            return true
        }
    }

    /// As many as a large site has; each takes about a kilobyte.
    private static let places = 1_024

    /// Each shape has one place, and the last that came there has it.
    private let entries = Mutex([Entry?](repeating: nil, count: CompiledQueries.places))

    /// The statement of a query.
    func statement(
        _ kind: Kind, _ query: SelectQuery, _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        let (found, values) = find(kind, query, dialect)
        if let found { return Statement(found.sql, values) }
        let statement = try Self.compile(kind, query, dialect)
        // The values show whether they are bound in the order in which the shape has met them, when no two are equal.
        if Self.areDistinct(values), statement.parameters == values { keep(statement.sql, kind, query, dialect) }
        return statement
    }

    private static func compile(
        _ kind: Kind, _ query: SelectQuery, _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        switch kind {
        case .rows: try SQLCompiler.select(query, dialect)
        case .count: try SQLCompiler.count(query, dialect)
        case .exists: try SQLCompiler.exists(query, dialect)
        }
    }

    private func find(
        _ kind: Kind, _ query: SelectQuery, _ dialect: any SQLDialect
    ) -> (Entry?, values: [SQLValue]) {
        withUnsafeTemporaryAllocation(of: UInt.self, capacity: QueryShape.mostWords) { buffer in
            var shape = QueryShape(buffer, dialect)
            guard shape.add(kind, query) else { return (nil, []) }
            let words = shape.words
            let place = Self.place(of: words)
            guard let entry = entries.withLock({ $0[place] }), entry.isOf(words) else { return (nil, shape.values) }
            return (entry, shape.values)
        }
    }

    private func keep(_ sql: String, _ kind: Kind, _ query: SelectQuery, _ dialect: any SQLDialect) {
        withUnsafeTemporaryAllocation(of: UInt.self, capacity: QueryShape.mostWords) { buffer in
            var shape = QueryShape(buffer, dialect, keepingObjects: true)
            guard shape.add(kind, query) else { return }
            let entry = Entry(Array(shape.words), sql, shape.objects ?? [])
            let place = Self.place(of: shape.words)
            // What goes is let go outside of the lock.
            let old = entries.withLock { entries in
                let old = entries[place]
                entries[place] = entry
                return old
            }
            withExtendedLifetime(old) {}
        }
    }

    private static func place(of words: UnsafeBufferPointer<UInt>) -> Int {
        var hash: UInt = 0
        for word in words {
            // The multiplier is 2^64 over the golden ratio, as in Fibonacci hashing.
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
        }
        return Int(hash % UInt(places))
    }

    private static func areDistinct(_ values: [SQLValue]) -> Bool {
        for (index, value) in values.enumerated() where values[..<index].contains(value) { return false }
        return true
    }
}

extension QueryShape {
    fileprivate mutating func add(_ kind: CompiledQueries.Kind, _ query: SelectQuery) -> Bool {
        guard add(kind.rawValue), add(query) else { return false }
        if kind == .exists, !query.isSliced { append(.integer(1)) }
        return true
    }
}

extension Database {
    /// The statement that reads a query's rows.
    package func select(_ query: SelectQuery) throws(ORMError) -> Statement {
        try compiledQueries.statement(.rows, query, dialect)
    }

    /// The statement that counts a query's rows.
    package func count(_ query: SelectQuery) throws(ORMError) -> Statement {
        try compiledQueries.statement(.count, query, dialect)
    }

    /// The statement that finds whether a query has rows.
    package func exists(_ query: SelectQuery) throws(ORMError) -> Statement {
        try compiledQueries.statement(.exists, query, dialect)
    }
}
