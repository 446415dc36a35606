public import FoundationEssentials
public import MartletValues

extension TemplateValue: TemplateConvertible {
    /// The value itself.
    public var templateValue: TemplateValue { self }
}

extension String: TemplateConvertible {
    /// Text that is escaped on output.
    public var templateValue: TemplateValue { .string(self) }
}

extension Substring: TemplateConvertible {
    /// Text that is escaped on output.
    public var templateValue: TemplateValue { .string(String(self)) }
}

extension Character: TemplateConvertible {
    /// Text that is escaped on output.
    public var templateValue: TemplateValue { .string(String(self)) }
}

extension Bool: TemplateConvertible {
    /// A truth value.
    public var templateValue: TemplateValue { .bool(self) }
}

extension FixedWidthInteger where Self: TemplateConvertible {
    /// A whole number; a decimal one if it is too large for `Int`.
    public var templateValue: TemplateValue {
        if let small = Int(exactly: self) { return .int(small) }
        return Decimal(string: String(self)).map { .decimal($0) } ?? .string(String(self))
    }
}

extension Int: TemplateConvertible {}
extension Int8: TemplateConvertible {}
extension Int16: TemplateConvertible {}
extension Int32: TemplateConvertible {}
extension Int64: TemplateConvertible {}
extension UInt: TemplateConvertible {}
extension UInt8: TemplateConvertible {}
extension UInt16: TemplateConvertible {}
extension UInt32: TemplateConvertible {}
extension UInt64: TemplateConvertible {}

extension Double: TemplateConvertible {
    /// A floating point number.
    public var templateValue: TemplateValue { .double(self) }
}

extension Float: TemplateConvertible {
    /// A floating point number with the digits that the `Float` prints.
    public var templateValue: TemplateValue { .double(Double(description) ?? Double(self)) }
}

extension Decimal: TemplateConvertible {
    /// A decimal number.
    public var templateValue: TemplateValue { .decimal(self) }
}

extension Date: TemplateConvertible {
    /// An instant.
    public var templateValue: TemplateValue { .date(self) }
}

extension CalendarDate: TemplateConvertible {
    /// A day.
    public var templateValue: TemplateValue { .day(self) }
}

extension TimeOfDay: TemplateConvertible {
    /// A time of day.
    public var templateValue: TemplateValue { .time(self) }
}

extension Duration: TemplateConvertible {
    /// A length of time.
    public var templateValue: TemplateValue { .duration(self) }
}

extension ShortUUID: TemplateConvertible {
    /// The characters.
    public var templateValue: TemplateValue { .string(description) }
}

extension IPAddress: TemplateConvertible {
    /// The address in its usual form.
    public var templateValue: TemplateValue { .string(description) }
}

extension UUID: TemplateConvertible {
    /// A UUID.
    public var templateValue: TemplateValue { .uuid(self) }
}

extension URL: TemplateConvertible {
    /// The URL's text.
    public var templateValue: TemplateValue { .string(absoluteString) }
}

extension Optional: TemplateConvertible where Wrapped: TemplateConvertible {
    /// The wrapped value, or ``TemplateValue/null``.
    public var templateValue: TemplateValue { map(\.templateValue) ?? .null }
}

extension Array: TemplateConvertible where Element: TemplateConvertible {
    /// A list.
    public var templateValue: TemplateValue { .list(map(\.templateValue)) }
}

extension ArraySlice: TemplateConvertible where Element: TemplateConvertible {
    /// A list.
    public var templateValue: TemplateValue { .list(map(\.templateValue)) }
}

extension Dictionary: TemplateConvertible where Key == String, Value: TemplateConvertible {
    /// A dictionary that is walked in the order of its keys.
    public var templateValue: TemplateValue { .dictionary(TemplateDictionary(mapValues(\.templateValue))) }
}

extension Range: TemplateConvertible where Bound == Int {
    /// The numbers as a list, at most a million of them.
    public var templateValue: TemplateValue { .list(prefix(1_000_000).map { .int($0) }) }
}

extension ClosedRange: TemplateConvertible where Bound == Int {
    /// The numbers as a list, at most a million of them.
    public var templateValue: TemplateValue { .list(prefix(1_000_000).map { .int($0) }) }
}

extension RawRepresentable where Self: TemplateConvertible, RawValue: TemplateConvertible {
    /// The raw value.
    public var templateValue: TemplateValue { rawValue.templateValue }
}
