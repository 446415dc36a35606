import MartletORM

// What `ALTER TABLE` does, action by action.
extension StatementEffects {
    mutating func alterTable(_ words: inout SQLWordReader) -> StatementEffect {
        _ = words.take("if", "exists")
        _ = words.take("only")
        guard let table = words.name() else { return Self.unknown }
        var whole = StatementEffect([])
        for action in words.separatedByCommas() {
            let effect = alter(table, action)
            whole.locks += effect.locks
            whole.isKnown = whole.isKnown && effect.isKnown
            whole.saferWay = whole.saferWay ?? effect.saferWay
        }
        return whole
    }

    private mutating func alter(_ table: String, _ action: SQLWordReader) -> StatementEffect {
        var words = action
        if words.take("add") { return add(table, &words) }
        if words.take("validate", "constraint") {
            return StatementEffect([.init(table, .shareUpdateExclusive, .scan)])
        }
        if words.take("alter") {
            _ = words.take("column")
            return alterColumn(table, &words)
        }
        if words.take("rename") { return rename(table, &words) }
        if words.take("drop", "constraint") { return exclusive(table) }
        if words.take("drop") {
            _ = words.take("column")
            _ = words.take("if", "exists")
            let others = words.name().map { catalog.neighbours(of: table, column: $0) } ?? []
            return StatementEffect(([table] + others).map { .init($0, .accessExclusive) })
        }
        return StatementEffect([.init(table, .accessExclusive)], isKnown: false)
    }

    private mutating func rename(_ table: String, _ words: inout SQLWordReader) -> StatementEffect {
        if words.take("to") {
            if let name = words.name() { catalog.rename(table, to: name) }
            return exclusive(table)
        }
        guard !words.take("constraint") else { return exclusive(table) }
        _ = words.take("column")
        if let column = words.name(), words.take("to"), let name = words.name() {
            catalog.rename(column, of: table, to: name)
        }
        return exclusive(table)
    }

    private func exclusive(
        _ table: String, _ work: StatementEffect.Work = .none, saferWay: String? = nil
    ) -> StatementEffect {
        StatementEffect([.init(table, .accessExclusive, work)], saferWay: saferWay)
    }

    // MARK: Constraints

    private mutating func add(_ table: String, _ words: inout SQLWordReader) -> StatementEffect {
        let isColumn = words.take("column")
        if !isColumn, words.take("constraint") { _ = words.name() }
        if !isColumn, let effect = addConstraint(table, &words) { return effect }
        _ = words.take("if", "not", "exists")
        guard let column = words.name() else { return Self.unknown }
        return addColumn(table, column, words)
    }

    private mutating func addConstraint(_ table: String, _ words: inout SQLWordReader) -> StatementEffect? {
        let isUnvalidated = words.has("not", "valid")
        if words.take("foreign", "key") {
            let column = words.columns().first
            guard words.skip(past: "references"), let target = words.name() else { return Self.unknown }
            if let column { catalog.refer(table, column, to: target) }
            return StatementEffect(
                [.init(table, .shareRowExclusive, isUnvalidated ? .none : .scan), .init(target, .shareRowExclusive)],
                saferWay: isUnvalidated ? nil : Advice.reference)
        }
        if words.take("check") {
            return exclusive(table, isUnvalidated ? .none : .scan, saferWay: isUnvalidated ? nil : Advice.check)
        }
        if words.take("exclude") { return exclusive(table, .scan, saferWay: Advice.exclusion) }
        guard words.take("unique") || words.take("primary", "key") else { return nil }
        let hasIndex = words.has("using", "index")
        return exclusive(table, hasIndex ? .none : .scan, saferWay: hasIndex ? nil : Advice.unique)
    }

    // MARK: Columns

    private mutating func addColumn(_ table: String, _ column: String, _ words: SQLWordReader) -> StatementEffect {
        catalog.set(type: words.typeName, of: column, in: table)
        var rest = words
        var locks: [StatementEffect.Lock] = []
        if rest.skip(past: "references"), let target = rest.name() {
            catalog.refer(table, column, to: target)
            locks.append(.init(target, .shareRowExclusive))
        }
        if words.has("generated") || words.hasVolatileDefault {
            return StatementEffect([.init(table, .accessExclusive, .rewrite)] + locks, saferWay: Advice.column)
        }
        let advice = Self.adviceAgainstLook(words)
        let work = advice == nil ? StatementEffect.Work.none : .scan
        return StatementEffect([.init(table, .accessExclusive, work)] + locks, saferWay: advice)
    }

    /// Why the rows are looked at when a column is added, as the way around it; `nil` when they are not.
    ///
    /// A default that is one for all rows is kept beside the table, so no row is looked at to find it not null.
    ///
    /// Source: [ALTER TABLE, Notes](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES).
    private static func adviceAgainstLook(_ words: SQLWordReader) -> String? {
        if words.has("unique") || words.has("primary", "key") { return Advice.unique }
        if words.has("check") { return Advice.check }
        let hasDefault = words.has("default") && !words.has("default", "null")
        if hasDefault, words.has("references") { return Advice.reference }
        return !hasDefault && words.has("not", "null") ? Advice.column : nil
    }

    private mutating func alterColumn(_ table: String, _ words: inout SQLWordReader) -> StatementEffect {
        guard let column = words.name() else { return Self.unknown }
        if words.take("type") || words.take("set", "data", "type") {
            let old = catalog.type(of: column, in: table)
            let new = words.typeName
            catalog.set(type: new, of: column, in: table)
            let isKept = old.map { ColumnType($0).isStored(as: ColumnType(new)) } ?? false
            return exclusive(table, isKept ? .none : .rewrite, saferWay: isKept ? nil : Advice.type)
        }
        if words.take("set", "not", "null") { return exclusive(table, .scan, saferWay: Advice.notNull) }
        if words.take("set", "statistics") { return StatementEffect([.init(table, .shareUpdateExclusive)]) }
        return exclusive(table)
    }
}

/// How the same is done without keeping others waiting.
private enum Advice {
    static let check = "Use AddConstraintNotValid, and ValidateConstraint in a later migration."
    static let reference =
        "Add it with RunSQL and `NOT VALID`, and `VALIDATE CONSTRAINT` in a later migration."
    static let unique =
        "Make a unique index by RunSQL and `CREATE UNIQUE INDEX CONCURRENTLY`, in a migration with `atomic: false`; "
        + "a later one adds the constraint `USING INDEX`."
    static let exclusion =
        "PostgreSQL has no way to add it without reading all rows: do it while the table is little used."
    static let column = "Add the field so that it may be null, fill it in batches, and then require it."
    static let type = "Add a second field of the new type, fill it in batches, and then remove the first."
    static let notNull =
        "Add a check that the field is not null by AddConstraintNotValid, and ValidateConstraint in a later migration; "
        + "then the rows need not be looked at."
}

extension SQLWordReader {
    /// The actions of `ALTER TABLE`.
    fileprivate func separatedByCommas() -> [SQLWordReader] {
        var (parts, part, depth): ([SQLWordReader], [SQLWords.Word], Int) = ([], [], 0)
        func reader(_ words: [SQLWords.Word]) -> SQLWordReader {
            var reader = SQLWordReader("")
            reader.replace(words[...])
            return reader
        }
        for word in rest {
            if word == .sign("(") { depth += 1 }
            if word == .sign(")") { depth -= 1 }
            if word == .sign(","), depth == 0 {
                parts.append(reader(part))
                part = []
            } else {
                part.append(word)
            }
        }
        return parts + [reader(part)]
    }

    /// The names in the parentheses that come next.
    fileprivate mutating func columns() -> [String] {
        guard rest.first == .sign("(") else { return [] }
        var names: [String] = []
        for word in rest.dropFirst() {
            switch word {
            case .plain(let name), .quoted(let name): names.append(name)
            case .sign(")"): return names
            default: break
            }
        }
        return names
    }

    /// The type that comes next, as the editor writes it: `varchar(50)`, `timestamp with time zone`.
    fileprivate var typeName: String {
        var (name, depth) = ("", 0)
        for word in rest {
            switch word {
            case .plain(let word):
                if depth == 0,
                    [
                        "null", "not", "default", "using", "collate", "generated", "check", "primary", "unique",
                        "references", "constraint",
                    ].contains(word)
                {
                    return name
                }
                name += name.isEmpty || name.hasSuffix("(") ? word : " \(word)"
            case .number(let number): name += number
            case .sign(let sign):
                if sign == "(" { depth += 1 }
                if sign == ")" { depth -= 1 }
                name += sign == "," ? ", " : String(sign)
            case .quoted(let word): name += word
            case .literal: return name
            }
        }
        return name
    }

    /// Whether the default is another for each row, so that all rows are written; what is not known may be.
    fileprivate var hasVolatileDefault: Bool {
        var rest = self
        guard rest.skip(past: "default") else { return false }
        // The default ends where the next constraint begins.
        let words = Array(rest.rest.prefix { !Self.constraintWords.contains($0) })
        return zip(words, words.dropFirst()).contains { word, next in
            guard next == .sign("("), case .plain(let name) = word else { return false }
            return !Self.steady.contains(name)
        }
    }

    private static let constraintWords: [SQLWords.Word] = [
        .plain("check"), .plain("references"), .plain("unique"), .plain("primary"), .plain("constraint"),
    ]

    /// Functions whose value is one for the whole statement, and what else stands in front of a parenthesis.
    private static let steady: Set<String> = [
        "now", "cast", "as", "coalesce", "lower", "upper", "varchar", "char", "character", "numeric", "decimal", "time",
        "timestamp", "interval", "bit", "concat", "nullif", "greatest", "least", "date_trunc", "to_tsvector", "default",
        "and", "or", "not", "in", "precision", "varying",
    ]
}

/// A column's type, and whether another one stores the same values in the same way.
struct ColumnType {
    private let name: String
    private let numbers: [Int]

    init(_ text: String) {
        let parts = text.split(separator: "(", maxSplits: 1)
        name = parts.first.map { $0.trimming() } ?? ""
        numbers = parts.count == 2 ? parts[1].split { !$0.isNumber }.compactMap { Int($0) } : []
    }

    /// Whether the other type stores every value of this one in the same bytes, so that no row is written anew.
    func isStored(as new: ColumnType) -> Bool {
        if name == new.name, numbers == new.numbers { return true }
        switch (name, new.name) {
        case ("varchar", "text"): return true
        case ("varchar", "varchar"), ("time", "time"):
            guard let length = new.numbers.first else { return true }
            return numbers.first.map { $0 <= length } ?? false
        case ("numeric", "numeric"):
            guard new.numbers.count == 2 else { return new.numbers.isEmpty }
            return numbers.count == 2 && numbers[0] <= new.numbers[0] && numbers[1] == new.numbers[1]
        default: return false
        }
    }
}

extension Substring {
    fileprivate func trimming() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
