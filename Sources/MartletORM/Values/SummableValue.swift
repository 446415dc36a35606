public import FoundationEssentials

/// A number, or an optional one, that aggregates add up.
public protocol SummableValue: FieldValue {
    /// The type of a sum.
    associatedtype Sum: FieldValue
    /// The type of an average.
    associatedtype Average: FieldValue
    /// How the database adds these values.
    static var summation: Summation { get }
}

/// How a database adds values, and what type the result has.
///
/// A struct with static members: ways may be added.
public struct Summation: Sendable, Hashable {
    /// The part of the aggregate's name that a dialect knows it by: `SUM.integer`.
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    /// Whole numbers: the sum is one, the average a floating-point number.
    public static let integer = Summation("integer")
    /// Floating-point numbers.
    public static let real = Summation("real")
    /// Decimals: sum and average are decimals with all their digits.
    public static let decimal = Summation("decimal")
    /// Lengths of time: sum and average are lengths, too.
    public static let duration = Summation("duration")

    var sum: AggregateFunction { AggregateFunction("SUM." + name) }
    var average: AggregateFunction { AggregateFunction("AVG." + name) }
}

extension Int: SummableValue {
    /// A sum of whole numbers is one.
    public typealias Sum = Int
    /// An average need not be whole.
    public typealias Average = Double
    /// As whole numbers.
    public static var summation: Summation { .integer }
}

extension Int64: SummableValue {
    /// A sum of whole numbers is one.
    public typealias Sum = Int64
    /// An average need not be whole.
    public typealias Average = Double
    /// As whole numbers.
    public static var summation: Summation { .integer }
}

extension Int32: SummableValue {
    /// Wider than the numbers, which may be many.
    public typealias Sum = Int
    /// An average need not be whole.
    public typealias Average = Double
    /// As whole numbers.
    public static var summation: Summation { .integer }
}

extension Double: SummableValue {
    /// The same type.
    public typealias Sum = Double
    /// The same type.
    public typealias Average = Double
    /// As floating-point numbers.
    public static var summation: Summation { .real }
}

extension Decimal: SummableValue {
    /// The same type: no digit is lost.
    public typealias Sum = Decimal
    /// The same type, with as many places as PostgreSQL gives a quotient: at least 16 digits say something.
    public typealias Average = Decimal
    /// As decimals.
    public static var summation: Summation { .decimal }
}

extension Optional: SummableValue where Wrapped: SummableValue {
    /// As of the values that are there.
    public typealias Sum = Wrapped.Sum
    /// As of the values that are there.
    public typealias Average = Wrapped.Average
    /// As the values that are there.
    public static var summation: Summation { Wrapped.summation }
}
