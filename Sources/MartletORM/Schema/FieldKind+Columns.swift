extension FieldKind {
    /// The kind without what only the application checks: every short text is a `char`, every choice of numbers an
    /// `integer`.
    package var stored: FieldKind {
        switch self {
        case .choices(_, let length), .email(let length), .slug(let length), .url(let length), .file(let length),
            .image(let length), .filePath(let length):
            .char(maxLength: length)
        case .shortUUID: .char(maxLength: 12)
        case .integerChoices: .integer
        default: self
        }
    }

    /// The longest text in code points; `nil` for kinds that are no text, and for text of any length.
    package var maxLength: Int? {
        switch self {
        case .checkedChoices(_, let length): length
        default: if case .char(let length) = stored { length } else { nil }
        }
    }

    /// The whole numbers that the column holds; `nil` for a column of another kind.
    package var integerRange: ClosedRange<Int64>? {
        switch self {
        case .smallInteger: Int64(Int16.min)...Int64(Int16.max)
        case .positiveSmallInteger: 0...Int64(Int16.max)
        case .integer, .integerChoices, .checkedIntegerChoices: Int64(Int32.min)...Int64(Int32.max)
        case .positiveInteger: 0...Int64(Int32.max)
        case .bigInteger, .auto: .min ... .max
        case .positiveBigInteger: 0 ... .max
        default: nil
        }
    }

    /// Whether the database checks that the number is not negative.
    package var isPositive: Bool { integerRange?.lowerBound == 0 }

    /// The condition that the database checks for each value of the column, as SQL; `nil` for most.
    ///
    /// - Parameter column: The column's name in quotes.
    package func check(_ column: String) -> String? {
        switch self {
        case .positiveSmallInteger, .positiveInteger, .positiveBigInteger: return "\(column) >= 0"
        case .checkedChoices(let choices, _):
            return "\(column) IN (\(choices.map(SQLLiteral.text).joined(separator: ", ")))"
        case .checkedIntegerChoices(let choices):
            return "\(column) IN (\(choices.map(String.init).joined(separator: ", ")))"
        default: return nil
        }
    }
}
