extension Field {
    /// One of the cases of an enum, stored as its raw value: a text of at most `maxLength` characters, or a number.
    ///
    /// - Parameters:
    ///   - maxLength: The column's length where texts are stored; it leaves room for cases that come later.
    ///   - checked: Whether the database refuses other values (a `CHECK` constraint); a new case then needs a migration.
    public static func choices<V: Choices>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxLength: Int = 20, checked: Bool = false,
        unique: Bool = false, index: Bool = false, column: String? = nil
    ) -> Field {
        let kind = V.RawValue.kind(of: V.allCases.map(\.rawValue), maxLength: maxLength, checked: checked)
        var field = make(property, kind, column: column, unique: unique, index: index)
        field.display = { $0[keyPath: property].label }
        field.problem = field.problem ?? choiceProblem(V.self, field.property, kind)
        return field
    }

    /// One of the cases of an enum, or null.
    ///
    /// - Parameters:
    ///   - maxLength: The column's length where texts are stored; it leaves room for cases that come later.
    ///   - checked: Whether the database refuses other values (a `CHECK` constraint); a new case then needs a migration.
    public static func choices<V: Choices>(
        _ property: any WritableKeyPath<M, V?> & Sendable, maxLength: Int = 20, checked: Bool = false,
        unique: Bool = false, index: Bool = false, column: String? = nil
    ) -> Field {
        let kind = V.RawValue.kind(of: V.allCases.map(\.rawValue), maxLength: maxLength, checked: checked)
        var field = make(property, kind, column: column, unique: unique, index: index)
        field.display = { $0[keyPath: property]?.label ?? "" }
        field.problem = field.problem ?? choiceProblem(V.self, field.property, kind)
        return field
    }

    private static func choiceProblem<V: Choices>(_: V.Type, _ property: String, _ kind: FieldKind) -> String? {
        guard let long = V.allCases.first(where: { !kind.holds($0.sqlValue) }) else { return nil }
        guard let length = kind.maxLength else {
            return "The choice \(long.rawValue) of '\(property)' does not fit 32 bits. Take a smaller number."
        }
        return "The choice '\(long.rawValue)' of '\(property)' is longer than \(length) characters. "
            + "Raise `maxLength:`, or shorten the case's value."
    }
}

/// A raw value that choices may have: a text or a number.
public protocol ChoiceValue: FieldValue, Hashable {
    /// The words that people read when an enum says nothing else.
    static func label(of value: Self, caseName: String) -> String

    /// The kind of the column.
    static func kind(of choices: [Self], maxLength: Int, checked: Bool) -> FieldKind
}

extension String: ChoiceValue {
    /// The text as words: `in_review` becomes `In review`.
    public static func label(of value: String, caseName: String) -> String {
        let words = value.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// Text with choices.
    public static func kind(of choices: [String], maxLength: Int, checked: Bool) -> FieldKind {
        checked ? .checkedChoices(choices, maxLength: maxLength) : .choices(choices, maxLength: maxLength)
    }
}

extension Int: ChoiceValue {
    /// The case's name as words: `inReview` becomes `In review`.
    public static func label(of value: Int, caseName: String) -> String {
        String.label(of: snakeCased(caseName), caseName: caseName)
    }

    /// A number with choices.
    public static func kind(of choices: [Int], maxLength: Int, checked: Bool) -> FieldKind {
        checked ? .checkedIntegerChoices(choices) : .integerChoices(choices)
    }
}
