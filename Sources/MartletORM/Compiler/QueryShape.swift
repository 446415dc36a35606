/// What a query is apart from its values: two queries of the same shape have the same SQL.
///
/// A shape is a list of words: what stands where in the tree, with the addresses of the tables, relations and columns
/// it speaks of. The values are collected on the way, in the order in which the compiler binds them. What is not
/// listed here has no shape, and its query is compiled each time.
struct QueryShape {
    /// Memory for the words, which lives as long as the lookup.
    private let buffer: UnsafeMutableBufferPointer<UInt>

    private var count = 0

    /// The values in the order of their placeholders.
    private(set) var values: [SQLValue] = []

    /// What the words hold the addresses of, where they are to be kept: as long as it lives, no address is given again.
    private(set) var objects: [AnyObject]?

    private let dialect: any SQLDialect

    /// More words, or more values, than a query has that is worth keeping. A kilobyte is what Swift takes from the stack.
    static let mostWords = 128
    private static let mostValues = 32

    init(_ buffer: UnsafeMutableBufferPointer<UInt>, _ dialect: any SQLDialect, keepingObjects keeps: Bool = false) {
        self.buffer = buffer
        self.dialect = dialect
        values.reserveCapacity(8)
        objects = keeps ? [] : nil
    }

    /// The words so far.
    var words: UnsafeBufferPointer<UInt> { UnsafeBufferPointer(rebasing: buffer[..<count]) }

    /// Adds a word; `false` when there is no room.
    mutating func add(_ word: UInt) -> Bool {
        guard count < buffer.count else { return false }
        buffer[count] = word
        count += 1
        return true
    }

    /// Adds a value that the compiler binds by itself.
    mutating func append(_ value: SQLValue) { values.append(value) }

    /// What stands in a node of the tree.
    private enum Mark: UInt {
        case query = 1
        case column, value, comparison, arithmetic, and, or, not, isNull, inList, text, call, count
        case order, limit, related
    }

    private mutating func add(_ mark: Mark, _ detail: UInt = 0) -> Bool { add(mark.rawValue | detail << 8) }

    /// Adds a mark with a case of an enum without associated values; `false` for one that has come to have them.
    private mutating func add<Choice>(_ mark: Mark, choice: Choice) -> Bool {
        guard MemoryLayout<Choice>.size == 1 else { return false }
        return add(mark, withUnsafeBytes(of: choice) { UInt($0[0]) })
    }

    private mutating func add(_ object: AnyObject) -> Bool {
        objects?.append(object)
        return add(UInt(bitPattern: ObjectIdentifier(object)))
    }
}

// MARK: Queries

extension QueryShape {
    /// Adds a query; `false` when it has no shape.
    mutating func add(_ query: SelectQuery, selecting expressions: [SQLExpression] = []) -> Bool {
        guard query.problem == nil, query.table.problems.isEmpty, query.isPlain else { return false }
        let flags: UInt = (query.isDistinct ? 1 : 0) | (query.usesTableOrdering ? 2 : 0)
        guard add(.query, flags), add(query.table), add(UInt(query.conditions.count)) else { return false }
        for condition in query.conditions { guard add(condition) else { return false } }
        for expression in expressions { guard add(expression) else { return false } }
        for path in query.selectRelated { guard add(.related), add(path) else { return false } }
        for order in query.effectiveOrders { guard add(order) else { return false } }
        return addSlice(query)
    }

    private mutating func add(_ order: OrderTerm) -> Bool {
        let nulls: UInt =
            switch order.nulls {
            case nil: 0
            case .first: 1
            case .last: 2
            }
        return add(.order, (order.isDescending ? 4 : 0) | nulls) && add(order.expression)
    }

    private mutating func addSlice(_ query: SelectQuery) -> Bool {
        guard query.isSliced else { return true }
        values.append(.integer(query.limit.map(Int64.init) ?? .max))
        if query.offset > 0 { values.append(.integer(Int64(query.offset))) }
        return add(.limit, query.offset > 0 ? 1 : 0)
    }

    private mutating func add(_ path: [Relation]) -> Bool {
        guard add(UInt(path.count)) else { return false }
        for relation in path { guard add(relation) else { return false } }
        return true
    }
}

extension SelectQuery {
    /// Whether the query has no part that is compiled each time.
    fileprivate var isPlain: Bool { source == nil && distinctOn.isEmpty && annotations.isEmpty && lock == nil }
}

// MARK: Expressions

extension QueryShape {
    private mutating func add(_ expression: SQLExpression) -> Bool {
        switch expression {
        case .column(let path): add(path)
        case .value(let value): add(value)
        case .comparison(let comparison, let left, let right):
            add(.comparison, choice: comparison) && add(left) && add(right)
        case .arithmetic(let sign, let left, let right): add(.arithmetic, choice: sign) && add(left) && add(right)
        case .and(let left, let right): add(.and) && add(left) && add(right)
        case .or(let left, let right): add(.or) && add(left) && add(right)
        case .not(let inner): add(.not) && add(inner)
        case .isNull(let inner): add(.isNull) && add(inner)
        case .inList(let inner, let list): add(.inList, UInt(list.count)) && add(inner) && add(list)
        case .text(let test, let inner, let value): add(.text, choice: test) && add(inner) && add(test, value)
        case .call(let function, let arguments): add(function, arguments)
        case .count(let path): add(.count) && add(path)
        // A subquery names its tables in the order in which they are met, and so may depend on all before it; what is
        // new in the tree is not known here.
        default: false
        }
    }

    private mutating func add(_ path: ColumnPath) -> Bool {
        guard add(.column, UInt(path.relations.count) << 1 | (path.column.isShared ? 1 : 0)) else { return false }
        for relation in path.relations { guard add(relation) else { return false } }
        if path.column.isShared { return add(path.column) }
        // One that was made for this query alone is told by what the compiler asks of it.
        let field = path.field
        return add((field.isNull ? 1 : 0) | (field.isPrimaryKey ? 2 : 0)) && add(field.column)
    }

    private mutating func add(_ value: SQLValue) -> Bool {
        guard values.count < Self.mostValues, let code = value.code, add(.value, code) else { return false }
        values.append(value)
        return true
    }

    private mutating func add(_ list: [SQLValue]) -> Bool {
        guard list.count < Self.mostValues else { return false }
        for value in list { guard add(value) else { return false } }
        return true
    }

    /// The value of a test of text is bound as a pattern, which the dialect makes of it.
    private mutating func add(_ test: TextTest, _ value: String) -> Bool {
        guard values.count < Self.mostValues else { return false }
        values.append(.text(dialect.textPattern(test, value)))
        return true
    }

    private mutating func add(_ function: SQLFunction, _ arguments: [SQLExpression]) -> Bool {
        let flags: UInt = (function.isCondition ? 1 : 0) | (function.mayBeNull ? 2 : 0) | UInt(arguments.count) << 2
        guard add(.call, flags), add(function.name) else { return false }
        for argument in arguments { guard add(argument) else { return false } }
        return true
    }

    /// A text that stands in the SQL itself.
    private mutating func add(_ text: String) -> Bool {
        guard add(UInt(text.utf8.count)) else { return false }
        var word: UInt = 0
        for (position, byte) in text.utf8.enumerated() {
            word = word << 8 | UInt(byte)
            if position % 8 == 7 {
                guard add(word) else { return false }
                word = 0
            }
        }
        return add(word)
    }
}

extension SQLValue {
    /// What tells values apart that may be written differently; `nil` for one that changes what the compiler does.
    fileprivate var code: UInt? {
        switch self {
        case .null: 1
        case .bool: 2
        case .integer: 3
        // A comparison with NaN may be null.
        case .real(let number): number.isNaN ? nil : 4
        case .text: 5
        case .bytes: 6
        case .uuid: 7
        case .dateTime: 8
        case .decimal: 9
        case .date: 10
        case .time: 11
        case .duration: 12
        case .json: 13
        }
    }
}
