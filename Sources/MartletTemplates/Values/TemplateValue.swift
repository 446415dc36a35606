public import FoundationEssentials
public import MartletValues

/// A value as a template sees it.
///
/// Cases may be added in later versions: end a `switch` over it with `default`.
public enum TemplateValue: Sendable {
    /// No value; printed as `None`, as Django does.
    case null
    /// A truth value, printed as `True` or `False`.
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A binary floating point number.
    case double(Double)
    /// A decimal number with all its digits.
    indirect case decimal(Decimal)
    /// Text that is escaped on output.
    case string(String)
    /// Text that is HTML already and is written as it is.
    case safe(String)
    /// An instant; printed in the time zone of the rendering.
    case date(Date)
    /// A day; printed in words, whatever the time zone.
    case day(CalendarDate)
    /// A time of day, whatever the time zone.
    case time(TimeOfDay)
    /// A length of time, printed as Python prints a `timedelta`: `1 day, 2:03:04`.
    case duration(Duration)
    /// A UUID, printed in lower case with dashes.
    case uuid(UUID)
    /// A list of values.
    case list([TemplateValue])
    /// Values with names.
    case dictionary(TemplateDictionary)
    /// A thing with members, for example a model.
    indirect case object(any TemplateObject)

    /// Makes a template's value from any Swift value.
    ///
    /// A ``TemplateConvertible`` decides for itself. Enums with raw values become those, other enums the name of
    /// their case; optionals, arrays, sets and dictionaries become their elements. Any other struct or tuple becomes an
    /// object whose members are read by reflection, which is slower than ``TemplateObject``. A class that does not
    /// conform has no members, because reading its variables could race with their owner.
    public init(_ value: any Sendable) {
        if let convertible = value as? any TemplateConvertible {
            self = convertible.templateValue
        } else {
            self = Reflection(root: value, path: []).convert(value)
        }
    }
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A floating point number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: TemplateValue...) { self = .list(elements) }
    /// A dictionary in the order of the literal.
    public init(dictionaryLiteral elements: (String, TemplateValue)...) { self = .dictionary(.init(elements)) }
}
