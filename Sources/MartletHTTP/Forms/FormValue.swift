public import FoundationEssentials
import MartletCalendar
import MartletJSON

/// A type that the text of a query parameter or a form field can be read as.
///
/// ```swift
/// let ids = try request.query.list("id", of: UUID.self)
/// let price = try form.require("price", as: Decimal.self)
/// ```
public protocol FormValue: Sendable {
    /// Reads a text.
    ///
    /// - Returns: `nil` when the text does not follow ``formRule``.
    init?(formText: String)

    /// What is asked of the text.
    static var formRule: FormRule { get }
}

/// What is asked of a text, for programs and for people.
public struct FormRule: Sendable, Hashable {
    /// The name of the rule.
    public let rule: InputProblem.Rule

    /// What the value must be, as in "must be *a whole number*".
    public let wording: String

    /// Makes a rule.
    public init(_ rule: InputProblem.Rule, _ wording: String) {
        self.rule = rule
        self.wording = wording
    }
}

extension String: FormValue {
    /// Takes any text.
    public init?(formText: String) { self = formText }
    /// Any text.
    public static var formRule: FormRule { FormRule(.value, "text") }
}

extension Int: FormValue {
    /// Reads decimal digits, with a sign or without.
    public init?(formText: String) { self.init(formText) }
    /// A whole number of 64 bits.
    public static var formRule: FormRule { FormRule(.integer, "a whole number") }
}

extension Double: FormValue {
    /// Reads decimal digits with a point or an exponent; not the hexadecimal numbers, `inf` and `nan` that Swift reads.
    public init?(formText: String) {
        guard formText.utf8.allSatisfy({ (0x30...0x39).contains($0) || Self.marks.contains($0) }),
            let number = Double(formText), number.isFinite
        else { return nil }
        self = number
    }

    private static let marks = Array("+-.eE".utf8)

    /// A finite number.
    public static var formRule: FormRule { FormRule(.number, "a number") }
}

extension Decimal: FormValue {
    /// Reads a number as JSON writes it, of no more digits than a Decimal holds.
    public init?(formText: String) {
        // Decimal holds 38 digits and drops the others without a word.
        let digits = formText.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber).drop { $0 == "0" }
        guard JSONNumber.isNumber(formText), digits.count <= 38, let number = Decimal(string: formText) else {
            return nil
        }
        self = number
    }

    /// A decimal number.
    public static var formRule: FormRule { FormRule(.decimal, "a decimal number of at most 38 digits") }
}

extension Bool: FormValue {
    /// Reads `true`, `1`, `on`, `yes` or `false`, `0`, `off`, `no`, in any case.
    public init?(formText: String) {
        switch formText.lowercased() {
        case "true", "1", "on", "yes": self = true
        case "false", "0", "off", "no": self = false
        default: return nil
        }
    }

    /// A truth value.
    public static var formRule: FormRule { FormRule(.boolean, "'true' or 'false'") }
}

extension UUID: FormValue {
    /// Reads a UUID with its hyphens, in any case.
    public init?(formText: String) { self.init(uuidString: formText) }
    /// A UUID.
    public static var formRule: FormRule { FormRule(.uuid, "a UUID") }
}

extension Date: FormValue {
    /// Reads a moment of ISO 8601 with its offset; without one it would mean another moment on each machine.
    public init?(formText: String) {
        guard let time = CalendarTime(iso8601: formText) else { return nil }
        self = time.date
    }

    /// Reads a day.
    ///
    /// - Returns: Its beginning in UTC.
    init?(day text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), year > 0,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        self.init(timeIntervalSince1970: Double(date.daysSince1970) * 86_400)
    }

    /// A moment with its offset.
    public static var formRule: FormRule { FormRule(.dateTime, "a moment such as 2026-01-31T09:05:00Z") }
}
