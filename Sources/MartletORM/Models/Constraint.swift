/// A rule that the database holds all rows of a table to.
///
/// ```swift
/// constraints: [
///     .check(name: "age_positive") { $0.age >= 0 },
///     .unique(\.slug, \.author, where: { $0.status == .published }),
///     .exclude { [ExclusionTerm($0.room, with: .equal), ExclusionTerm($0.during, with: .overlaps)] },
/// ]
/// ```
///
/// Source: [Django, constraints reference](https://docs.djangoproject.com/en/5.2/ref/models/constraints/).
public struct Constraint<M: Model>: Sendable {
    private let name: String?
    /// What a person is told who breaks the rule; `nil` for a sentence made from its name or fields.
    private let message: String?
    private let make: @Sendable (inout TableFreezer<M>) -> ConstraintSchema.Rule

    /// A condition that is false for no row; one that is neither true nor false, for a null, is kept.
    ///
    /// - Parameters:
    ///   - name: The constraint's name, unique in the database.
    ///   - message: What a person is told who breaks the rule.
    public static func check(
        name: String, message: String? = nil, _ condition: @escaping @Sendable (TableColumns<M>) -> Condition
    ) -> Constraint {
        Constraint(name: name, message: message) { freezer in
            .check(freezer.freeze(condition(freezer.columns).sql, of: "The constraint '\(name)'"))
        }
    }

    /// Fields whose values together are unique.
    ///
    /// - Parameters:
    ///   - name: The constraint's name; made from the table and the columns unless told.
    ///   - condition: The rows that are looked at.
    ///   - include: Fields whose values the index of the constraint holds besides.
    ///   - deferrable: Whether the check may wait for the end of the transaction; SQLite checks at once.
    ///   - nullsDistinct: Whether two nulls are distinct; they are unless told.
    ///   - operatorClasses: PostgreSQL's operator class of each field.
    ///   - message: What a person is told who breaks the rule.
    public static func unique(
        _ fields: any PartialKeyPath<M> & Sendable..., name: String? = nil,
        where condition: (@Sendable (TableColumns<M>) -> Condition)? = nil,
        include: [any PartialKeyPath<M> & Sendable] = [], deferrable: Deferrable? = nil, nullsDistinct: Bool? = nil,
        operatorClasses: [String] = [], message: String? = nil
    ) -> Constraint {
        Constraint(name: name, message: message) { freezer in
            let place = "A unique constraint"
            var terms = freezer.names(fields, of: place).map { IndexTerm(.field($0)) }
            for (position, name) in operatorClasses.enumerated() where terms.indices.contains(position) {
                terms[position].operatorClass = freezer.checked(name, of: place)
            }
            return .unique(
                UniqueRule(
                    terms: terms, condition: freezer.freeze(condition, of: place),
                    include: freezer.names(include, of: place), deferrable: deferrable, nullsDistinct: nullsDistinct))
        }
    }

    /// Expressions whose values together are unique: `.unique(name: "one_name") { $0.name.lower() }`.
    ///
    /// - Parameters:
    ///   - name: The constraint's name; made from the table and the expressions unless told.
    ///   - condition: The rows that are looked at.
    ///   - message: What a person is told who breaks the rule.
    ///   - terms: One expression or several.
    public static func unique<each Term: IndexTermConvertible>(
        name: String? = nil, where condition: (@Sendable (TableColumns<M>) -> Condition)? = nil,
        nullsDistinct: Bool? = nil, message: String? = nil,
        _ terms: @escaping @Sendable (TableColumns<M>) -> (repeat each Term)
    ) -> Constraint {
        Constraint(name: name, message: message) { freezer in
            let place = "A unique constraint"
            var list: [any IndexTermConvertible] = []
            for term in repeat each terms(freezer.columns) { list.append(term) }
            return .unique(
                UniqueRule(
                    terms: freezer.freeze(list, of: place), condition: freezer.freeze(condition, of: place),
                    nullsDistinct: nullsDistinct))
        }
    }

    /// Values of which no two rows have such that all operators hold between them; PostgreSQL only.
    ///
    /// Plain equality needs the extension `btree_gist` with the usual method.
    ///
    /// - Parameters:
    ///   - name: The constraint's name; made from the table and the columns unless told.
    ///   - method: The method of the index that watches over the rule.
    ///   - condition: The rows that are looked at.
    ///   - include: Fields whose values the index of the constraint holds besides.
    ///   - deferrable: Whether the check may wait for the end of the transaction.
    ///   - message: What a person is told who breaks the rule.
    ///   - terms: The values, each with its operator.
    public static func exclude(
        name: String? = nil, using method: IndexMethod = .gist,
        where condition: (@Sendable (TableColumns<M>) -> Condition)? = nil,
        include: [any PartialKeyPath<M> & Sendable] = [], deferrable: Deferrable? = nil, message: String? = nil,
        _ terms: @escaping @Sendable (TableColumns<M>) -> [ExcludedTerm]
    ) -> Constraint {
        Constraint(name: name, message: message) { freezer in
            let place = "An exclusion constraint"
            let frozen = terms(freezer.columns).map { term in
                var result = ExclusionTerm(.value(.null), with: term.sign)
                result.term = freezer.freeze([term.term], of: place)[0]
                if !term.sign.isPlain { freezer.report("\(place) has '\(term.sign.rawValue)', which is no operator.") }
                return result
            }
            if frozen.isEmpty { freezer.report("\(place) has no terms. Name some, or leave it out.") }
            _ = freezer.checked(method.rawValue, of: place)
            return .exclusion(
                ExclusionRule(
                    terms: frozen, method: method, condition: freezer.freeze(condition, of: place),
                    include: freezer.names(include, of: place), deferrable: deferrable))
        }
    }
}

/// A value of an exclusion constraint, and the operator that must not hold between two rows.
public struct ExcludedTerm {
    let term: any IndexTermConvertible
    let sign: ExclusionOperator
}

extension IndexTermConvertible {
    /// The value with the operator that must not hold between two rows: `$0.during.excluding(.overlaps)`.
    public func excluding(_ sign: ExclusionOperator) -> ExcludedTerm { ExcludedTerm(term: self, sign: sign) }
}

extension ExclusionOperator {
    /// Whether it is made of the characters of PostgreSQL's operators.
    package var isPlain: Bool {
        !rawValue.isEmpty && rawValue.utf8.allSatisfy { "+-*/<>=~!@#%^&|`?".utf8.contains($0) }
            && !rawValue.contains("--") && !rawValue.contains("/*")
    }
}

extension Constraint {
    /// The constraint as a value, and the message of its own.
    func schema(table: String, in freezer: inout TableFreezer<M>) -> (schema: ConstraintSchema, message: String?) {
        let rule = make(&freezer)
        if case .unique(let unique) = rule {
            if unique.terms.isEmpty { freezer.report("A unique constraint has no fields. Name some, or leave it out.") }
            if unique.deferrable != nil, unique.plainFields == nil {
                freezer.report(
                    "A unique constraint is deferrable and has a condition, expressions, included fields or its own "
                        + "rule for nulls; databases check such ones at once. Leave one of them out.")
            }
        }
        if let name, name.isEmpty || name.utf8.count > ConstraintName.maximumLength || name.utf8.contains(0) {
            freezer.report("The constraint '\(name)' needs a name of 1 to \(ConstraintName.maximumLength) bytes.")
        }
        let schema = ConstraintSchema(name: name ?? rule.defaultName(table: table, in: freezer), rule: rule)
        return (schema, message)
    }
}

extension ConstraintSchema.Rule {
    fileprivate func defaultName<M>(table: String, in freezer: TableFreezer<M>) -> String {
        let column = freezer.column(of:)
        func name(_ terms: [IndexTerm], _ others: [String], _ suffix: String) -> String {
            let isPlain = others.isEmpty && terms.allSatisfy { $0.expression.plainField != nil }
            let columns = terms.flatMap(\.expression.fields).map(column)
            let distinguishing = isPlain ? [] : terms.map { $0.mapFields(column).signature } + others
            return ConstraintName.rule(
                table: table, columns: columns, distinguishing: distinguishing, suffix: suffix)
        }
        switch self {
        case .check: return ""
        case .unique(let rule):
            let condition = rule.condition.map { [$0.mapFields(column).signature] } ?? []
            return name(rule.terms, condition, "_uniq")
        case .exclusion(let rule):
            let condition = rule.condition.map { [$0.mapFields(column).signature] } ?? []
            return name(rule.terms.map(\.term), rule.terms.map(\.sign.rawValue) + condition, "_excl")
        }
    }
}
