/// A type that a word of a command line can be read as.
///
/// An enumeration of texts is one as soon as it says so, and its cases are the choices:
///
/// ```swift
/// enum Shade: String, CaseIterable, ArgumentValue { case light, dark }
/// ```
public protocol ArgumentValue: Sendable {
    /// Reads a word; `nil` when it does not fit.
    init?(argument: String)

    /// What fits, for the message when something else is given: `a whole number`.
    static var expectedArgument: String { get }

    /// The words that fit, when they can be counted; completion offers them.
    static var argumentChoices: [String] { get }

    /// The word that would be read as this value.
    var argumentText: String { get }
}

extension ArgumentValue {
    /// None: what fits cannot be counted.
    public static var argumentChoices: [String] { [] }

    /// The value as it prints itself.
    public var argumentText: String { "\(self)" }
}

extension ArgumentValue where Self: CaseIterable & RawRepresentable, RawValue == String {
    /// Reads the raw value of a case.
    public init?(argument: String) { self.init(rawValue: argument) }

    /// The cases.
    public static var expectedArgument: String { "one of " + argumentChoices.joined(separator: ", ") }

    /// The raw values of the cases.
    public static var argumentChoices: [String] { allCases.map(\.rawValue) }

    /// The raw value.
    public var argumentText: String { rawValue }
}

extension String: ArgumentValue {
    /// Any text, also an empty one.
    public init?(argument: String) { self = argument }

    /// Any text.
    public static var expectedArgument: String { "a text" }
}

extension Int: ArgumentValue {
    /// A whole number in decimal, with a sign or without.
    public init?(argument: String) { self.init(argument) }

    /// A whole number.
    public static var expectedArgument: String { "a whole number" }
}

extension Double: ArgumentValue {
    /// A finite number with a decimal point or without.
    public init?(argument: String) {
        guard let number = Double(argument), number.isFinite else { return nil }
        self = number
    }

    /// A number.
    public static var expectedArgument: String { "a number" }
}

extension Bool: ArgumentValue {
    /// `true` or `false`, `yes` or `no`.
    public init?(argument: String) {
        switch argument {
        case "true", "yes": self = true
        case "false", "no": self = false
        default: return nil
        }
    }

    /// A truth value.
    public static var expectedArgument: String { "true or false" }

    /// Both.
    public static var argumentChoices: [String] { ["true", "false"] }
}
