import FoundationEssentials
import MartletORM
import MartletValues

// How expressions, indexes and constraints are written in migrations.

extension AddConstraint: SourceWritable {
    var source: SourceCode { .call("AddConstraint", SourceArguments(.string(model), constraint.source).list) }
}

extension RemoveConstraint: SourceWritable {
    var source: SourceCode { .call("RemoveConstraint", SourceArguments(.string(model), .string(name)).list) }
}

extension RenameIndex: SourceWritable {
    var source: SourceCode {
        .call("RenameIndex", SourceArguments(.string(model), .string(oldName)).with("to", .string(newName)).list)
    }
}

extension AlterModelOptions: SourceWritable {
    var source: SourceCode {
        let arguments = SourceArguments(.string(model))
            .with("managed", .text("false"), unless: isManaged)
            .with("comment", comment.map(SourceCode.string))
        return .call("AlterModelOptions", arguments.list)
    }
}

extension IndexSchema {
    var source: SourceCode {
        let arguments = SourceArguments().with("name", .string(name))
        let terms =
            IndexTerm.names(of: terms).map { arguments.with("fields", .strings($0)) }
            ?? arguments.with("terms", .list(terms.map(\.source), oneALine: false))
        let classes = IndexTerm.names(of: self.terms) == nil ? [] : IndexTerm.classes(of: self.terms)
        return .call(
            ".init",
            terms.with("method", method.source, unless: method == .btree)
                .with("include", .strings(include), unless: include.isEmpty)
                .with("where", condition?.source)
                .with("operatorClasses", .strings(classes), unless: classes.isEmpty)
                .with("settings", .dictionary(settings), unless: settings.isEmpty).list)
    }
}

extension IndexTerm {
    /// The names of fields, with a `-` for the largest first; `nil` where terms are more than that.
    static func names(of terms: [IndexTerm]) -> [String]? {
        let names = terms.compactMap { term -> String? in
            guard term.nulls == nil, let field = term.expression.plainField else { return nil }
            return term.isDescending ? "-\(field)" : field
        }
        let classed = terms.count { $0.operatorClass != nil }
        return names.count == terms.count && (classed == 0 || classed == terms.count) ? names : nil
    }

    static func classes(of terms: [IndexTerm]) -> [String] { terms.compactMap(\.operatorClass) }

    var source: SourceCode {
        let arguments = SourceArguments(expression.source)
            .with("descending", .text("true"), unless: !isDescending)
            .with("nulls", nulls.map { .text(".\($0)") })
            .with("operatorClass", operatorClass.map(SourceCode.string))
        return .call(".init", arguments.list)
    }
}

extension IndexMethod {
    var source: SourceCode {
        let known: [IndexMethod] = [.btree, .hash, .gin, .gist, .spgist, .brin, .bloom]
        return known.contains(self) ? .text(".\(rawValue)") : .initialised(".init", rawValue)
    }
}

extension ConstraintSchema {
    var source: SourceCode {
        let name = SourceCode.string(name)
        switch rule {
        case .check(let condition): return .call(".check", SourceArguments(name, condition.source).list)
        case .unique(let rule):
            let names = rule.terms.contains { $0.isDescending } ? nil : IndexTerm.names(of: rule.terms)
            let isPlain = names != nil && IndexTerm.classes(of: rule.terms).isEmpty
            let arguments = SourceArguments(name)
                .with("fields", .strings(names ?? []), unless: !isPlain)
                .with("terms", .list(rule.terms.map(\.source), oneALine: false), unless: isPlain)
                .with("where", rule.condition?.source)
                .with("include", .strings(rule.include), unless: rule.include.isEmpty)
                .with("deferrable", rule.deferrable.map { .text(".\($0)") })
                .with("nullsDistinct", rule.nullsDistinct.map { .text("\($0)") })
            return .call(".unique", arguments.list)
        case .exclusion(let rule):
            let arguments = SourceArguments(name, .list(rule.terms.map(\.source), oneALine: false))
                .with("using", rule.method.source, unless: rule.method == .gist)
                .with("where", rule.condition?.source)
                .with("include", .strings(rule.include), unless: rule.include.isEmpty)
                .with("deferrable", rule.deferrable.map { .text(".\($0)") })
            return .call(".exclude", arguments.list)
        }
    }
}

extension ExclusionTerm {
    var source: SourceCode {
        let known: [ExclusionOperator: String] = [
            .equal: "equal", .notEqual: "notEqual", .overlaps: "overlaps", .adjacentTo: "adjacentTo",
        ]
        let sign = known[sign].map { SourceCode.text(".\($0)") } ?? .initialised(".init", sign.rawValue)
        let arguments = SourceArguments(term.expression.source).with("with", sign)
            .with("operatorClass", term.operatorClass.map(SourceCode.string))
        return .call(".init", arguments.list)
    }
}

extension GeneratedColumn {
    var source: SourceCode {
        let arguments = SourceArguments(expression.source).with("stored", .text("false"), unless: isStored)
        return .call(".init", arguments.list)
    }
}

extension SourceCode {
    /// `.init(rawValue: "text")`.
    fileprivate static func initialised(_ name: String, _ rawValue: String) -> SourceCode {
        .call(name, SourceArguments().with("rawValue", .string(rawValue)).list)
    }

    /// `["key": "value"]`, in the order of the keys.
    fileprivate static func dictionary(_ entries: [String: String]) -> SourceCode {
        let parts = entries.sorted { $0.key < $1.key }.map { "\(SourceCode.literal($0)): \(SourceCode.literal($1))" }
        return .text("[\(parts.joined(separator: ", "))]")
    }

    fileprivate static func literal(_ text: String) -> String {
        if case .text(let literal) = string(text) { literal } else { "\"\"" }
    }
}

// MARK: Expressions

extension SchemaExpression {
    /// The expression as an argument, where a constant is a literal.
    var source: SourceCode {
        switch self {
        case .all(let parts): .call(".all", SourceArguments(.list(parts.map(\.source), oneALine: false)).list)
        case .any(let parts): .call(".any", SourceArguments(.list(parts.map(\.source), oneALine: false)).list)
        case .not(let inner): .call(".not", SourceArguments(inner.source).list)
        case .value(let value): .text(value.literal ?? ".value(\(value.spelling))")
        case .function("now", "now()", []): .text(".now")
        case .function("new_uuid", "gen_random_uuid()", []): .text(".newUUID")
        case .function(let name, let form, let arguments):
            .call(
                "Func",
                arguments.reduce(SourceArguments(.string(name)).with("form", form.map(SourceCode.string))) {
                    $0.with(nil, $1.source)
                }.list)
        case .field, .binary, .isNull, .oneOf, .text, .datePart: .text(spelling)
        }
    }

    /// The expression as an operand: nothing in it needs its surroundings to know its type.
    private var spelling: String {
        switch self {
        case .field(let name): return "F(\(SourceCode.literal(name)))"
        case .binary(let sign, let left, let right):
            return "\(left.operand) \(sign.spelling) \(right.literal ?? right.operand)"
        case .isNull(let inner): return "\(inner.operand).isNull"
        case .oneOf(let inner, let values):
            return "\(inner.operand).in([\(values.map { $0.literal ?? $0.spelling }.joined(separator: ", "))])"
        case .text(let test, let inner, let text):
            return "\(inner.operand).test(.\(test), \(SourceCode.literal(text)))"
        case .datePart(let part, let inner): return "\(inner.operand).part(.\(part))"
        case .value(let value): return "SchemaExpression.value(\(value.spelling))"
        case .function, .all, .any, .not:
            let text = source.laidOut(indent: 0, column: -10_000, tail: 0)
            return text.hasPrefix(".") ? "SchemaExpression\(text)" : text
        }
    }

    private var operand: String {
        if case .binary = self { "(\(spelling))" } else { spelling }
    }

    private var literal: String? {
        if case .value(let value) = self { value.literal } else { nil }
    }
}

extension SchemaOperator {
    fileprivate var spelling: String {
        switch self {
        case .equal: "=="
        case .notEqual: "!="
        default: rawValue
        }
    }
}

extension SQLValue {
    /// A literal that is an expression by itself; `nil` for a value that has none.
    fileprivate var literal: String? {
        switch self {
        case .integer(let number): "\(number)"
        case .real(let number) where number.isFinite: "\(number)"
        case .text(let text): SourceCode.literal(text)
        case .bool(let flag): "\(flag)"
        case .uuid(let uuid): ".uuid(\"\(uuid.uuidString.lowercased())\")"
        case .dateTime(let date): ".dateTime(\"\(DateTimeText.string(from: date))\")"
        case .decimal(let number): ".decimal(\"\(number)\")"
        case .date(let day): ".date(\"\(day)\")"
        case .time(let time): ".time(\"\(time)\")"
        default: nil
        }
    }

    /// The value as a case of `SQLValue`.
    fileprivate var spelling: String {
        switch self {
        case .null: ".null"
        case .bool(let flag): ".bool(\(flag))"
        case .integer(let number): ".integer(\(number))"
        case .real(let number) where number.isFinite: ".real(\(number))"
        case .real(let number): number.isNaN ? ".real(.nan)" : ".real(\(number < 0 ? "-" : "").infinity)"
        case .text(let text): ".text(\(SourceCode.literal(text)))"
        case .bytes(let bytes): ".bytes([\(bytes.map { "\($0)" }.joined(separator: ", "))])"
        case .uuid(let uuid): ".text(\(SourceCode.literal(uuid.uuidString)))"
        case .dateTime(let date): ".text(\(SourceCode.literal(DateTimeText.string(from: date))))"
        case .decimal(let number): ".text(\"\(number)\")"
        case .date(let day): ".text(\"\(day)\")"
        case .time(let time): ".text(\"\(time)\")"
        case .duration(let duration): ".integer(\(duration.wholeMicroseconds ?? 0))"
        case .json(let text): ".text(\(SourceCode.literal(text)))"
        }
    }
}
