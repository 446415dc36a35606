import FoundationEssentials
import MartletValues

/// A rule for the value of a field, asked by ``Model/validate()``; it travels with the field.
///
/// ```swift
/// .integer(\.stars, validators: [.minValue(1), .maxValue(5)]),
/// .char(\.code, maxLength: 8, validators: [.regex("^[A-Z]{2}-[0-9]+$")]),
/// .char(\.name, maxLength: 80, validators: [Validator("not_root", "Choose another name.") { $0 != "root" }])
/// ```
///
/// A value that is null or an empty text is not asked about, as in Django.
///
/// Source: [Django, validators](https://docs.djangoproject.com/en/5.2/ref/validators/).
public struct Validator<V>: Sendable {
    /// The word for programs that its problems have.
    public let code: String

    let message: @Sendable (V) -> String?

    /// What is wrong with the validator itself, such as a regular expression that is none.
    let problem: String?

    /// Makes a validator whose message depends on the value.
    ///
    /// - Parameters:
    ///   - code: A word for programs.
    ///   - message: A sentence that says what is wrong with the value; `nil` when nothing is.
    public init(_ code: String, message: @escaping @Sendable (V) -> String?) {
        self.init(code, problem: nil, message: message)
    }

    /// Makes a validator with one message.
    ///
    /// - Parameters:
    ///   - code: A word for programs.
    ///   - message: A sentence for the person who has entered the value.
    ///   - isValid: Whether a value may stay.
    public init(_ code: String, _ message: String, isValid: @escaping @Sendable (V) -> Bool) {
        self.init(code, problem: nil) { isValid($0) ? nil : message }
    }

    /// What is wrong with a value; `nil` when nothing is.
    public func problem(with value: V) -> String? { message(value) }

    init(_ code: String, problem: String?, message: @escaping @Sendable (V) -> String?) {
        self.code = code
        self.problem = problem
        self.message = message
    }
}

extension Validator where V: FieldValue {
    /// At least this much.
    public static func minValue(_ limit: V) -> Validator {
        let bound = limit.sqlValue
        return Validator("min_value") { value in
            value.sqlValue.isBefore(bound)
                ? "Ensure this value is greater than or equal to \(bound.shown)." : nil
        }
    }

    /// At most this much.
    public static func maxValue(_ limit: V) -> Validator {
        let bound = limit.sqlValue
        return Validator("max_value") { value in
            bound.isBefore(value.sqlValue) ? "Ensure this value is less than or equal to \(bound.shown)." : nil
        }
    }
}

extension Validator where V: IntegerValue {
    /// A multiple of a number.
    public static func stepSize(_ step: Int) -> Validator {
        Validator("step_size", problem: step == 0 ? "The step size of a validator is 0. Take another number." : nil) {
            guard case .integer(let number) = $0.sqlValue, step != 0, number % Int64(step) != 0 else { return nil }
            return "Ensure this value is a multiple of step size \(step)."
        }
    }
}

extension SQLValue {
    /// Whether this is smaller than another value of its kind; a value of another kind is not.
    fileprivate func isBefore(_ other: SQLValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.real(let left), .real(let right)): left < right
        case (.decimal(let left), .decimal(let right)): left < right
        case (.text(let left), .text(let right)): left < right
        case (.dateTime(let left), .dateTime(let right)): left < right
        case (.date(let left), .date(let right)): left < right
        case (.time(let left), .time(let right)): left < right
        case (.duration(let left), .duration(let right)): left < right
        default: false
        }
    }

    /// The value as a message shows it.
    fileprivate var shown: String {
        switch self {
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .decimal(let number): "\(number)"
        case .text(let text): text
        case .dateTime(let date): DateTimeText.string(from: date) + "+00:00"
        case .date(let day): "\(day)"
        case .time(let time): "\(time)"
        case .duration(let duration): duration.pythonText
        default: "\(self)"
        }
    }
}
