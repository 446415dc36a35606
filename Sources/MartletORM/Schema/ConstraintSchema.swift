/// A rule that the database holds all rows of a model to, as a value.
public struct ConstraintSchema: Sendable, Hashable {
    /// What the rule is.
    public enum Rule: Sendable, Hashable {
        /// An expression that is false for no row.
        case check(SchemaExpression)
        /// Values that no two rows share.
        case unique(UniqueRule)
        /// Values of which no two rows have such that all operators hold between them; PostgreSQL only.
        case exclusion(ExclusionRule)
    }

    /// The constraint's name.
    public var name: String

    /// What the rule is.
    public var rule: Rule

    /// Makes a constraint.
    public init(name: String, rule: Rule) {
        self.name = name
        self.rule = rule
    }
}

/// Values that no two rows share.
public struct UniqueRule: Sendable, Hashable {
    /// The values.
    public var terms: [IndexTerm]
    /// The rows that are looked at; `nil` for all.
    public var condition: SchemaExpression?
    /// Fields whose values the index of the constraint holds besides.
    public var include: [String] = []
    /// Whether the check may wait for the end of the transaction.
    public var deferrable: Deferrable?
    /// Whether two nulls are distinct; `nil` for the database's own way, which is that they are.
    public var nullsDistinct: Bool?
}

/// Values of which no two rows have such that all operators hold between them.
public struct ExclusionRule: Sendable, Hashable {
    /// The values and their operators.
    public var terms: [ExclusionTerm]
    /// The method of the index that watches over the rule.
    public var method: IndexMethod = .gist
    /// The rows that are looked at; `nil` for all.
    public var condition: SchemaExpression?
    /// Fields whose values the index of the constraint holds besides.
    public var include: [String] = []
    /// Whether the check may wait for the end of the transaction.
    public var deferrable: Deferrable?
}

/// A value of an exclusion constraint, and the operator that must not hold between two rows.
public struct ExclusionTerm: Sendable, Hashable {
    /// The value.
    public var term: IndexTerm
    /// The operator, such as `&&`.
    public var sign: ExclusionOperator

    /// Makes a term.
    public init(_ expression: SchemaExpression, with sign: ExclusionOperator, operatorClass: String? = nil) {
        term = IndexTerm(expression, operatorClass: operatorClass)
        self.sign = sign
    }
}

/// The operators of exclusion constraints.
///
/// Source: [PostgreSQL, Range Functions and Operators](https://www.postgresql.org/docs/current/functions-range.html).
public struct ExclusionOperator: Sendable, Hashable, RawRepresentable {
    /// PostgreSQL's spelling.
    public let rawValue: String

    /// An operator by PostgreSQL's spelling; it must give the same when both sides are exchanged.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Equal.
    public static let equal = ExclusionOperator(rawValue: "=")
    /// Not equal.
    public static let notEqual = ExclusionOperator(rawValue: "<>")
    /// Have something in common.
    public static let overlaps = ExclusionOperator(rawValue: "&&")
    /// Touch without having anything in common.
    public static let adjacentTo = ExclusionOperator(rawValue: "-|-")
}

/// When a constraint that may wait for the end of the transaction is checked.
public enum Deferrable: String, Sendable, Hashable {
    /// At the end of the transaction.
    case deferred
    /// After each statement, unless the transaction asks for later (`SET CONSTRAINTS … DEFERRED`).
    case immediate
}

extension ConstraintSchema {
    /// A condition that is false for no row.
    public static func check(_ name: String, _ condition: SchemaExpression) -> ConstraintSchema {
        ConstraintSchema(name: name, rule: .check(condition))
    }

    /// Fields whose values together are unique.
    public static func unique(
        _ name: String, fields: [String], where condition: SchemaExpression? = nil, include: [String] = [],
        deferrable: Deferrable? = nil, nullsDistinct: Bool? = nil
    ) -> ConstraintSchema {
        unique(
            name, terms: fields.map { IndexTerm(.field($0)) }, where: condition, include: include,
            deferrable: deferrable, nullsDistinct: nullsDistinct)
    }

    /// Expressions whose values together are unique.
    public static func unique(
        _ name: String, terms: [IndexTerm], where condition: SchemaExpression? = nil, include: [String] = [],
        deferrable: Deferrable? = nil, nullsDistinct: Bool? = nil
    ) -> ConstraintSchema {
        let rule = UniqueRule(
            terms: terms, condition: condition, include: include, deferrable: deferrable,
            nullsDistinct: nullsDistinct)
        return ConstraintSchema(name: name, rule: .unique(rule))
    }

    /// Values of which no two rows have such that all operators hold between them.
    public static func exclude(
        _ name: String, _ terms: [ExclusionTerm], using method: IndexMethod = .gist,
        where condition: SchemaExpression? = nil, include: [String] = [], deferrable: Deferrable? = nil
    ) -> ConstraintSchema {
        let rule = ExclusionRule(
            terms: terms, method: method, condition: condition, include: include, deferrable: deferrable)
        return ConstraintSchema(name: name, rule: .exclusion(rule))
    }
}

extension ConstraintSchema {
    /// The names of the fields it needs, in the order of their first mention.
    public var fields: [String] {
        let mentioned: [String] =
            switch rule {
            case .check(let condition): condition.fields
            case .unique(let rule):
                rule.terms.flatMap(\.expression.fields) + rule.include + (rule.condition?.fields ?? [])
            case .exclusion(let rule):
                rule.terms.flatMap(\.term.expression.fields) + rule.include + (rule.condition?.fields ?? [])
            }
        var names: [String] = []
        for name in mentioned where !names.contains(name) { names.append(name) }
        return names
    }

    /// The same constraint with other names of fields.
    public func mapFields(_ name: (String) -> String) -> ConstraintSchema {
        var copy = self
        switch rule {
        case .check(let condition): copy.rule = .check(condition.mapFields(name))
        case .unique(var rule):
            rule.terms = rule.terms.map { $0.mapFields(name) }
            rule.include = rule.include.map(name)
            rule.condition = rule.condition?.mapFields(name)
            copy.rule = .unique(rule)
        case .exclusion(var rule):
            for position in rule.terms.indices { rule.terms[position].term = rule.terms[position].term.mapFields(name) }
            rule.include = rule.include.map(name)
            rule.condition = rule.condition?.mapFields(name)
            copy.rule = .exclusion(rule)
        }
        return copy
    }
}

extension UniqueRule {
    /// The fields, if it is nothing but fields in a table's own constraint; `nil` when it needs an index.
    ///
    /// Django draws the line at the same place, so that each finds what the other has made.
    package var plainFields: [String]? {
        guard condition == nil, include.isEmpty, nullsDistinct == nil else { return nil }
        let fields = terms.compactMap { $0.operatorClass == nil && !$0.isDescending ? $0.expression.plainField : nil }
        return fields.count == terms.count ? fields : nil
    }
}

extension ModelSchema {
    /// What is wrong with the names of constraints and indexes.
    var constraintProblems: [String] {
        let names = Dictionary(grouping: constraints.map(\.name) + indexes.map(\.name)) { $0 }
        let doubles = names.filter { $0.value.count > 1 }.keys.sorted()
        return doubles.map { "Several constraints or indexes are called '\($0)'. Give one of them another `name:`." }
    }
}
