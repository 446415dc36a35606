import MartletORM

/// Which statements of a request are alike: the same, or the same but for their values.
struct StatementGroups {
    private struct Whole: Hashable {
        let sql: String
        let parameters: [SQLValue]?
    }

    private let wholes: [Whole: Int]
    private let shapes: [String: Int]
    private let threshold: Int

    /// - Parameter threshold: From how many statements of one shape on an N+1 is suspected; 0 for never.
    init(_ statements: [RecordedStatement], threshold: Int) {
        let rows = statements.filter { $0.shape != nil }
        wholes = Dictionary(rows.map { (Whole(sql: $0.sql, parameters: $0.parameters), 1) }, uniquingKeysWith: +)
        shapes = Dictionary(rows.compactMap { statement in statement.shape.map { ($0, 1) } }, uniquingKeysWith: +)
        self.threshold = threshold
    }

    /// How many statements are the same as this one, itself included.
    func duplicates(of statement: RecordedStatement) -> Int {
        wholes[Whole(sql: statement.sql, parameters: statement.parameters)] ?? 1
    }

    /// How many have its shape, itself included.
    func similar(to statement: RecordedStatement) -> Int {
        statement.shape.flatMap { shapes[$0] } ?? 1
    }

    /// Whether so many have its shape that there is probably one for each row of another, as `n_plus_one_suspected` in the
    /// log says.
    func isRepeated(_ statement: RecordedStatement) -> Bool {
        threshold > 0 && similar(to: statement) >= threshold
    }

    /// How many statements need not have been run: all of the same but the first.
    var needless: Int { wholes.values.reduce(0) { $0 + $1 - 1 } }

    /// How many shapes are repeated.
    var repeated: Int { threshold > 0 ? shapes.values.count { $0 >= threshold } : 0 }
}
