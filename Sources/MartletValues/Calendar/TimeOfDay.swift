public import FoundationEssentials
import MartletCalendar

/// A time of day without a day and a time zone, to the microsecond: when a shop opens.
///
/// ```swift
/// let opens = TimeOfDay(hour: 9, minute: 30)
/// let closes = TimeOfDay("18:00")
/// ```
public struct TimeOfDay: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// Microseconds since midnight.
    package let microseconds: Int64

    private static let perDay: Int64 = 86_400_000_000

    /// The first moment of a day.
    public static let midnight = TimeOfDay(unchecked: 0)

    private init(unchecked microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The time so many microseconds after midnight.
    ///
    /// - Returns: `nil` below zero and from 24 hours on.
    package init?(microseconds: Int64) {
        guard (0..<Self.perDay).contains(microseconds) else { return nil }
        self.init(unchecked: microseconds)
    }

    /// A time from its parts.
    ///
    /// - Returns: `nil` when there is no such time, as 24:00 or a leap second.
    public init?(hour: Int, minute: Int = 0, second: Int = 0, microsecond: Int = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
            (0..<1_000_000).contains(microsecond)
        else { return nil }
        self.init(unchecked: Int64((hour * 3600 + minute * 60 + second) * 1_000_000 + microsecond))
    }

    /// What a clock shows at a moment, cut to the microsecond.
    ///
    /// - Parameter secondsFromGMT: The offset of the time zone in force at that moment; UTC unless told.
    public init(_ moment: Date, secondsFromGMT: Int = 0) {
        let seconds = moment.timeIntervalSince1970 + Double(secondsFromGMT)
        let ofDay = seconds - (seconds / 86_400).rounded(.down) * 86_400
        let microseconds = ofDay.isFinite ? Int64((ofDay * 1_000_000).rounded(.down)) : 0
        self.init(unchecked: min(max(microseconds, 0), Self.perDay - 1))
    }

    /// The hour, 0 to 23.
    public var hour: Int { Int(microseconds / 3_600_000_000) }

    /// The minute, 0 to 59.
    public var minute: Int { Int(microseconds / 60_000_000 % 60) }

    /// The second, 0 to 59.
    public var second: Int { Int(microseconds / 1_000_000 % 60) }

    /// The microsecond, 0 to 999,999.
    public var microsecond: Int { Int(microseconds % 1_000_000) }

    /// How long it is since midnight.
    public var sinceMidnight: Duration { .microseconds(microseconds) }

    /// The order of a day.
    public static func < (left: TimeOfDay, right: TimeOfDay) -> Bool { left.microseconds < right.microseconds }
}

extension TimeOfDay {
    /// Reads `09:30`, `09:30:15` or `09:30:15.250000`; digits after the sixth of a fraction are cut off.
    ///
    /// - Returns: `nil` for any other form and for a time that does not exist.
    public init?(_ text: String) {
        var text = text
        guard let time = text.withUTF8({ TimeOfDay(text: $0) }) else { return nil }
        self = time
    }

    /// Reads the bytes of `09:30:15.25`.
    package init?(text: UnsafeBufferPointer<UInt8>) {
        var reader = DigitReader(text)
        guard let hour = reader.number(digits: 2), reader.take(0x3A), let minute = reader.number(digits: 2) else {
            return nil
        }
        var second = 0
        var microsecond = 0
        if reader.take(0x3A) {
            guard let value = reader.number(digits: 2) else { return nil }
            second = value
            if reader.take(0x2E) {
                guard let fraction = reader.microseconds() else { return nil }
                microsecond = fraction
            }
        }
        guard reader.isAtEnd else { return nil }
        self.init(hour: hour, minute: minute, second: second, microsecond: microsecond)
    }

    /// `09:30:00`, with six digits of a second where they are not zero: Python's `isoformat`.
    public var description: String {
        String(unsafeUninitializedCapacity: 15) { buffer in
            DigitWriter.write(hour, to: buffer, at: 0)
            buffer[2] = 0x3A
            DigitWriter.write(minute, to: buffer, at: 3)
            buffer[5] = 0x3A
            DigitWriter.write(second, to: buffer, at: 6)
            let fraction = microsecond
            guard fraction != 0 else { return 8 }
            buffer[8] = 0x2E
            DigitWriter.write(fraction / 10_000, to: buffer, at: 9)
            DigitWriter.write(fraction / 100 % 100, to: buffer, at: 11)
            DigitWriter.write(fraction % 100, to: buffer, at: 13)
            return 15
        }
    }
}

extension TimeOfDay: Codable {
    /// Reads `09:30:15.25`.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let time = TimeOfDay(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text.prefix(60))' is no time such as 09:30")
            )
        }
        self = time
    }

    /// Writes `09:30:15.250000`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
