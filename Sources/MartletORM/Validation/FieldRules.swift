import FoundationEssentials
import MartletJSON
import MartletValues

/// What each kind of field asks of its values, with Django's messages.
struct FieldRules {
    let name: String
    let kind: FieldKind
    let isNull: Bool
    let allowsBlank: Bool

    init(_ field: FieldSchema, allowsBlank: Bool) {
        name = field.name
        kind = field.kind
        isNull = field.isNull
        self.allowsBlank = allowsBlank
    }

    /// What is wrong with a value, before the field's own validators are asked; `isEmpty` is true of a value that they
    /// are not asked about.
    func problems(of value: SQLValue) -> (found: [ValidationProblem], isEmpty: Bool) {
        if value.isNull {
            return (isNull ? [] : [problem("This field cannot be null.", "null")], true)
        }
        if case .text(let text) = value, text.isEmpty {
            return (allowsBlank ? [] : [problem("This field cannot be blank.", "blank")], true)
        }
        // What is no number at all has no bounds to be asked about.
        let isNumber =
            switch value {
            case .decimal(let number): number.isFinite
            case .real(let number): number.isFinite
            default: true
            }
        return (valueProblems(value), !isNumber)
    }

    func problem(_ message: String, _ code: String) -> ValidationProblem {
        ValidationProblem(field: name, message: message, code: code)
    }

    private func valueProblems(_ value: SQLValue) -> [ValidationProblem] {
        switch value {
        case .text(let text): textProblems(text)
        case .integer(let number): numberProblems(number)
        case .decimal(let number): decimalProblems(number)
        case .real(let number): number.isFinite ? [] : [problem("Enter a number.", "invalid")]
        case .duration(let duration) where duration.wholeMicroseconds == nil:
            [problem("Ensure this value is less than or equal to 106751991 days.", "max_value")]
        default: []
        }
    }

    private func textProblems(_ text: String) -> [ValidationProblem] {
        var problems: [ValidationProblem] = []
        let syntax: String? =
            switch kind {
            case .email: TextRules.email(text)
            case .url: TextRules.url(text)
            case .slug: TextRules.slug(text)
            default: nil
            }
        if let syntax { problems.append(problem(syntax, "invalid")) }
        if let length = kind.maxLength, let message = TextRules.tooLong(text, length) {
            problems.append(problem(message, "max_length"))
        }
        if let message = TextRules.nullCharacter(text) {
            problems.append(problem(message, "null_characters_not_allowed"))
        }
        return problems
    }

    private func numberProblems(_ number: Int64) -> [ValidationProblem] {
        guard let range = kind.integerRange else { return [] }
        if number < range.lowerBound {
            return [problem("Ensure this value is greater than or equal to \(range.lowerBound).", "min_value")]
        }
        if number > range.upperBound {
            return [problem("Ensure this value is less than or equal to \(range.upperBound).", "max_value")]
        }
        return []
    }

    private func decimalProblems(_ number: Decimal) -> [ValidationProblem] {
        guard case .decimal(let maxDigits, let places) = kind else { return [] }
        guard let exact = ExactDecimal(number) else { return [problem("Enter a number.", "invalid")] }
        func ending(_ count: Int) -> String { count == 1 ? "" : "s" }
        let whole = maxDigits - places
        if exact.wholeDigits + exact.places > maxDigits {
            return [
                problem(
                    "Ensure that there are no more than \(maxDigits) digit\(ending(maxDigits)) in total.", "max_digits")
            ]
        }
        if exact.places > places {
            return [
                problem(
                    "Ensure that there are no more than \(places) decimal place\(ending(places)).",
                    "max_decimal_places")
            ]
        }
        if exact.wholeDigits > whole {
            return [
                problem(
                    "Ensure that there are no more than \(whole) digit\(ending(whole)) before the decimal point.",
                    "max_whole_digits")
            ]
        }
        return []
    }
}

extension Field {
    /// The field with the validators of its line.
    func ruled<V: FieldValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, blank: Bool = false, _ validators: [Validator<V>]
    ) -> Field {
        var field = self
        field.allowsBlank = blank
        field.problem = field.problem ?? validators.compactMap(\.problem).first
        guard !validators.isEmpty else { return field }
        let name = field.name
        field.rules = { model in
            let value = model[keyPath: property]
            return validators.compactMap { validator in
                validator.message(value).map { ValidationProblem(field: name, message: $0, code: validator.code) }
            }
        }
        return field
    }
}
