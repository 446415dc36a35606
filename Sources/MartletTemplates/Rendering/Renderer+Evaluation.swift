extension Renderer {
    /// What happens where a name has no value.
    enum Missing {
        /// Empty text, or an error if the engine is told so: `{{ }}` and most tags.
        case empty
        /// `None`: in conditions, which may ask whether a name has a value.
        case null
    }

    /// The value of an expression.
    mutating func value(_ expression: Expression, missing: Missing = .empty) throws -> TemplateValue {
        var value: TemplateValue
        if let found = try self.value(of: expression.operand, missing: missing) {
            value = found
        } else if case .null = missing {
            value = .null
        } else {
            if environment.undefined == .error, !hasDefault(expression) { throw undefined(expression.operand) }
            if expression.filters.isEmpty { return .string("") }
            value = .string("")
        }
        for use in expression.filters { value = try apply(use, to: value) }
        return value
    }

    private func hasDefault(_ expression: Expression) -> Bool {
        expression.filters.first.map { $0.name == "default" || $0.name == "default_if_none" } ?? false
    }

    private mutating func apply(_ use: FilterUse, to value: TemplateValue) throws -> TemplateValue {
        var argument: TemplateValue?
        if let operand = use.argument {
            argument = try self.value(of: operand, missing: .empty)
            // Django, too, refuses a missing argument where it lets a missing value pass.
            if argument == nil { throw undefined(operand) }
        }
        let call = FilterCall(argument: argument, autoescape: autoescape, environment: environment)
        let result = try use.filter.body(value, call)
        if use.filter.keepsSafe, value.isSafe, case .string(let text) = result { return .safe(text) }
        return result
    }

    private mutating func value(of operand: Operand, missing: Missing) throws -> TemplateValue? {
        switch operand {
        case .literal(let value): value
        case .variable(let variable): try value(of: variable, missing: missing)
        case .loop(let loop, let variable):
            loops.count > loopFloor ? self.value(of: loop) : try value(of: variable, missing: missing)
        case .superBlock: .safe(try capture { try $0.renderSuper() })
        }
    }

    private func value(of variable: Variable, missing: Missing) throws -> TemplateValue? {
        guard var value = scope.find(variable.name) else {
            return variable.path.isEmpty ? service(variable.name.text) : nil
        }
        for step in variable.path {
            guard let next = try value.member(step, in: environment.services.timeZone) else {
                // A condition may ask for a name that was not given, but a member that nothing has is a typing error.
                if case .null = missing, environment.undefined == .error, case .null = value { return nil }
                if environment.undefined == .error, case .null = missing { throw undefined(.variable(variable)) }
                return nil
            }
            value = next
        }
        return value
    }

    /// What the web around the templates gives under a name that the context does not have; made when it is asked for.
    private func service(_ name: String) -> TemplateValue? {
        switch name {
        case "csrf_token": environment.services.csrfToken().map { .string($0) }
        case "csp_nonce": environment.services.cspNonce().map { .string($0) }
        default: nil
        }
    }

    private func undefined(_ operand: Operand) -> TemplateProblem {
        guard case .variable(let variable) = operand else {
            return TemplateProblem(
                "There is no loop here.", remedy: "Use 'forloop' inside {% for %}.", kind: .undefined)
        }
        let isKnown = scope.find(variable.name) != nil
        let what = isKnown ? "'\(variable.text)' has no value." : "'\(variable.name.text)' is not in the context."
        let suggestion = isKnown ? nil : nearest(to: variable.name.text, among: scope.names)
        return TemplateProblem(
            what, remedy: suggestion.map { "Did you mean '\($0)'?" } ?? "Add it, or give a |default.", kind: .undefined)
    }

    private func value(of variable: LoopVariable) -> TemplateValue? {
        let place = loops.count - 1 - variable.hops
        guard place >= loopFloor else { return nil }
        let loop = loops[place]
        return switch variable.field {
        case .counter: .int(loop.index + 1)
        case .counter0: .int(loop.index)
        case .revcounter: .int(loop.count - loop.index)
        case .revcounter0: .int(loop.count - loop.index - 1)
        case .first: .bool(loop.index == 0)
        case .last: .bool(loop.index == loop.count - 1)
        case .length: .int(loop.count)
        case .everything: everything(at: place)
        }
    }

    private func everything(at place: Int) -> TemplateValue {
        let loop = loops[place]
        return [
            "parentloop": place > loopFloor ? everything(at: place - 1) : [:],
            "counter0": .int(loop.index), "counter": .int(loop.index + 1),
            "revcounter": .int(loop.count - loop.index), "revcounter0": .int(loop.count - loop.index - 1),
            "first": .bool(loop.index == 0), "last": .bool(loop.index == loop.count - 1),
            "length": .int(loop.count),
        ]
    }

    /// Whether a condition holds; one that gives a filter a name without a value does not, as in Django.
    mutating func isMet(_ condition: Condition) throws -> Bool {
        do {
            return try holds(condition)
        } catch let problem as TemplateProblem where problem.kind == .undefined && environment.undefined == .empty {
            return false
        }
    }

    /// Whether a condition holds. A comparison of what has no order does not hold, as in Django.
    mutating func holds(_ condition: Condition) throws -> Bool {
        switch condition {
        case .value(let expression): return try value(expression, missing: .null).isTrue
        case .not(let inner): return try !part(inner)
        case .binary(.and, let left, let right): return try part(left) && part(right)
        case .binary(.or, let left, let right): return try part(left) || part(right)
        case .binary(let symbol, let left, let right):
            return try compare(symbol, operand(left), operand(right))
        }
    }

    /// Whether a part of a condition holds. A value without one makes the whole fail, a condition only itself.
    private mutating func part(_ condition: Condition) throws -> Bool {
        if case .value = condition { return try holds(condition) }
        return try isMet(condition)
    }

    /// The value of a part of a condition; that of a condition in it is its truth.
    private mutating func operand(_ condition: Condition) throws -> TemplateValue {
        if case .value(let expression) = condition { return try value(expression, missing: .null) }
        return .bool(try isMet(condition))
    }

    private func compare(_ symbol: Condition.Operator, _ left: TemplateValue, _ right: TemplateValue) throws -> Bool {
        switch symbol {
        case .equal: TemplateValue.areEqual(left, right)
        case .unequal: !TemplateValue.areEqual(left, right)
        case .less: TemplateValue.order(left, right).map { $0 < 0 } ?? false
        case .lessOrEqual: TemplateValue.order(left, right).map { $0 <= 0 } ?? false
        case .greater: TemplateValue.order(left, right).map { $0 > 0 } ?? false
        case .greaterOrEqual: TemplateValue.order(left, right).map { $0 >= 0 } ?? false
        case .in: try TemplateValue.contains(right, left) ?? false
        case .notIn: try TemplateValue.contains(right, left).map { !$0 } ?? false
        case .is: TemplateValue.areIdentical(left, right)
        case .isNot: !TemplateValue.areIdentical(left, right)
        case .and, .or, .not: false
        }
    }
}

extension TemplateValue {
    /// What stands after a dot: a member, a key, or a position in a list.
    func member(_ step: Variable.Step, in zone: TemplateTimeZone) throws -> TemplateValue? {
        switch self {
        case .object(let object):
            if let value = try object.templateMember(step.name) { return value }
            guard let index = step.index, let elements = try object.templateElements() else { return nil }
            return elements.indices.contains(index) ? elements[index] : nil
        case .dictionary(let values): return values[step.name] ?? view(of: values, called: step.name)
        case .list(let values):
            guard let index = step.index, values.indices.contains(index) else { return nil }
            return values[index]
        case .string(let text), .safe(let text):
            // Only the argument of 'dictsort' can be negative: a dotted name has no room for a sign.
            guard let index = step.index, index >= 0 else { return nil }
            return text.unicodeScalars.dropFirst(index).first.map { .string(String($0)) }
        case .date(let date): return CalendarMoment(date, in: zone).member(step.name)
        case .day(let day): return CalendarMoment(day).member(step.name)
        case .time(let time): return CalendarMoment(time).member(step.name)
        default: return nil
        }
    }

    private func view(of values: TemplateDictionary, called name: String) -> TemplateValue? {
        switch name {
        case "items": .list(values.pairs.map { .list([.string($0.key), $0.value]) })
        case "keys": .list(values.keys.map { .string($0) })
        case "values": .list(values.pairs.map(\.value))
        default: nil
        }
    }
}
