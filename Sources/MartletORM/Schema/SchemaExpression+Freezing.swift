extension SchemaExpression {
    /// Why an expression of a query cannot stand in a table's description.
    struct Unfit: Error {
        let reason: String
    }

    /// The expression of a query as a value.
    ///
    /// - Throws: ``Unfit`` for what is more than one row knows.
    init(_ expression: SQLExpression) throws(Unfit) {
        switch expression {
        case .column(let path): self = .field(path.field.name)
        case .value(let value): self = .value(value)
        case .comparison(let comparison, let left, let right):
            self = .binary(try Self.sign(comparison.rawValue), try .init(left), try .init(right))
        case .arithmetic(let arithmetic, let left, let right):
            self = .binary(try Self.sign(arithmetic.rawValue), try .init(left), try .init(right))
        case .and(let left, let right): self = .all(try Self.parts(of: .init(left), .init(right)) { $0.allParts })
        case .or(let left, let right): self = .any(try Self.parts(of: .init(left), .init(right)) { $0.anyParts })
        case .not(.isNull(let inner)): self = .not(.isNull(try .init(inner)))
        case .not(.comparison(.equal, let left, let right)) where !left.mayBeNull && !right.mayBeNull:
            self = .binary(.notEqual, try .init(left), try .init(right))
        case .not(.not(let inner)): self = try .init(inner)
        case .not(let inner): self = .not(try .init(inner))
        case .isNull(let inner): self = .isNull(try .init(inner))
        case .inList(let inner, let values): self = .oneOf(try .init(inner), values.map { .value($0) })
        case .text(let test, let inner, let text): self = .text(test, try .init(inner), text)
        // In UTC a part is frozen as that of the field; see `clockSQL`.
        case .datePart(let part, .call(let clocks, let arguments)) where clocks.name == "local time" && arguments.isUTC:
            self = .datePart(part, try .init(arguments[0]))
        case .datePart(let part, let inner): self = .datePart(part, try .init(inner))
        case .call(let function, let arguments): self = try Self.frozen(function, arguments)
        default:
            throw Unfit(
                reason: "holds an expression that asks for other rows or has no fixed form. "
                    + "Use columns of the row itself, constants, comparisons and functions.")
        }
    }

    /// A function's own SQL, read off with marks in place of its arguments.
    private static func frozen(
        _ function: SQLFunction, _ arguments: [SQLExpression]
    ) throws(Unfit) -> SchemaExpression {
        var frozen: [SchemaExpression] = []
        for argument in arguments { frozen.append(try .init(argument)) }
        let form = function.form(of: frozen.indices.map { "{\($0)}" })
        let usual = "\(function.name)(\(frozen.indices.map { "{\($0)}" }.joined(separator: ", ")))"
        return .function(function.name, form: form == usual ? nil : form, frozen)
    }

    private static func sign(_ text: String) throws(Unfit) -> SchemaOperator {
        if let sign = SchemaOperator(rawValue: text) { return sign }
        throw Unfit(reason: "uses the operator '\(text)', which has no fixed form. Compute it in another way.")
    }

    private static func parts(
        of left: SchemaExpression, _ right: SchemaExpression, _ flattened: (SchemaExpression) -> [SchemaExpression]
    ) -> [SchemaExpression] {
        flattened(left) + flattened(right)
    }

    private var allParts: [SchemaExpression] { if case .all(let parts) = self { parts } else { [self] } }
    private var anyParts: [SchemaExpression] { if case .any(let parts) = self { parts } else { [self] } }
}

extension [SQLExpression] {
    /// Whether the second is UTC.
    fileprivate var isUTC: Bool {
        guard count == 2, case .call(let zone, _) = self[1] else { return false }
        return zone.name == "'UTC'"
    }
}
