/// A rule of a model that can be asked for before a row is written: a constraint, a unique field or group.
struct ValidatedRule {
    /// The constraint's name; `nil` for a unique field.
    let name: String?
    let fields: [String]
    let rule: ConstraintSchema.Rule
    /// Django's word for what is wrong.
    let code: String

    /// What is told of a row that breaks the rule.
    func violation(of model: String, message: String?) -> ConstraintViolation {
        ConstraintViolation(
            constraint: name, fields: fields, code: code, message: message ?? self.message(model))
    }

    /// Django's sentences: `Post with this Slug already exists.`, `Constraint “age_positive” is violated.`
    private func message(_ model: String) -> String {
        guard code != "invalid" else { return "Constraint “\(name ?? "")” is violated." }
        let labels = fields.map(Self.label)
        let list =
            labels.count < 2
            ? labels.joined() : labels.dropLast().joined(separator: ", ") + " and " + (labels.last ?? "")
        return "\(Self.label(snakeCased(model))) with this \(list) already exists."
    }

    /// `published_on` as people read it: `Published on`.
    private static func label(_ name: String) -> String {
        let words = name.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

extension ModelSchema {
    /// The rules over rows, in the order in which Django looks at them.
    var validatedRules: [ValidatedRule] {
        func unique(_ names: [String]) -> ConstraintSchema.Rule {
            .unique(UniqueRule(terms: names.map { IndexTerm(.field($0)) }))
        }
        let groups = uniqueTogether.map { group in
            let columns = group.map { field($0)?.column ?? $0 }
            return ValidatedRule(
                name: ConstraintName.constraint(table: table, columns: columns, suffix: "_uniq"), fields: group,
                rule: unique(group), code: "unique_together")
        }
        let single = fields.filter { $0.isUnique && !$0.isPrimaryKey && $0.kind.hasColumn }.map { field in
            ValidatedRule(name: nil, fields: [field.name], rule: unique([field.name]), code: "unique")
        }
        return groups + single + constraints.map(\.validated)
    }
}

extension ConstraintSchema {
    fileprivate var validated: ValidatedRule {
        // Only what is fields and nothing else can be told as fields that exist already.
        guard case .unique(let rule) = rule, rule.condition == nil,
            rule.terms.allSatisfy({ $0.expression.plainField != nil })
        else { return ValidatedRule(name: name, fields: fields, rule: self.rule, code: "invalid") }
        let names = rule.terms.compactMap(\.expression.plainField)
        return ValidatedRule(
            name: name, fields: names, rule: self.rule, code: names.count == 1 ? "unique" : "unique_together")
    }
}
