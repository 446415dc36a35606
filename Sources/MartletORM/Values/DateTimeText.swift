package import FoundationEssentials
import MartletCalendar

/// Moments as text, `2026-01-31 09:05:00.250000` in UTC: how Django stores them in SQLite.
///
/// The arithmetic is done here and not by a formatter: a list page decodes hundreds of them.
package enum DateTimeText {
    /// Writes a moment, rounded to the microsecond; the fraction is left out when it is zero.
    package static func string(from date: Date, separator: UInt8 = 0x20) -> String {
        String(unsafeUninitializedCapacity: longest) { write(date, separator: separator, to: $0) }
    }

    /// The most bytes that ``write(_:separator:to:)`` needs.
    package static let longest = 26

    /// Writes a moment as ``string(from:separator:)`` does, for drivers that need no string of it.
    ///
    /// - Parameter buffer: At least ``longest`` bytes.
    /// - Returns: How many bytes were written.
    package static func write(_ date: Date, separator: UInt8 = 0x20, to buffer: UnsafeMutableBufferPointer<UInt8>)
        -> Int
    {
        let (days, seconds, microseconds) = components(of: date)
        let date = CivilDate(daysSince1970: days)
        func put(_ number: Int, at position: Int, then next: UInt8) {
            buffer[position] = UInt8(truncatingIfNeeded: 0x30 + number / 10)
            buffer[position + 1] = UInt8(truncatingIfNeeded: 0x30 + number % 10)
            buffer[position + 2] = next
        }
        put(date.year / 100, at: 0, then: 0)
        put(date.year % 100, at: 2, then: 0x2D)
        put(date.month, at: 5, then: 0x2D)
        put(date.day, at: 8, then: separator)
        put(seconds / 3600, at: 11, then: 0x3A)
        put(seconds / 60 % 60, at: 14, then: 0x3A)
        put(seconds % 60, at: 17, then: 0x2E)
        guard microseconds > 0 else { return 19 }
        put(microseconds / 10_000, at: 20, then: 0)
        put(microseconds / 100 % 100, at: 22, then: 0)
        buffer[24] = UInt8(truncatingIfNeeded: 0x30 + microseconds / 10 % 10)
        buffer[25] = UInt8(truncatingIfNeeded: 0x30 + microseconds % 10)
        return longest
    }

    /// Reads a moment. A `T` between date and time, `Z` or an offset at the end, and a date alone are read too.
    ///
    /// - Returns: `nil` when the text is no moment, such as February 30.
    package static func date(from text: some Collection<UInt8>) -> Date? {
        if let date = text.withContiguousStorageIfAvailable({ Self.date(from: $0) }) { return date }
        return Array(text).withUnsafeBufferPointer { Self.date(from: $0) }
    }

    /// Reads a moment where it stands: most are read from a driver's memory.
    package static func date(from text: UnsafeBufferPointer<UInt8>) -> Date? {
        var reader = DigitReader(bytes: text)
        guard let year = reader.number(digits: 4), reader.take(0x2D), let month = reader.number(digits: 2),
            reader.take(0x2D), let day = reader.number(digits: 2),
            let civil = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var seconds = 0
        var fraction = 0.0
        if reader.take(0x20) || reader.take(0x54) {
            guard let hour = reader.number(digits: 2), hour < 24, reader.take(0x3A),
                let minute = reader.number(digits: 2), minute < 60
            else { return nil }
            seconds = hour * 3600 + minute * 60
            if reader.take(0x3A) {
                guard let second = reader.number(digits: 2), second < 60 else { return nil }
                seconds += second
                if reader.take(0x2E) {
                    guard let value = reader.fraction() else { return nil }
                    fraction = value
                }
            }
            guard let offset = reader.offset() else { return nil }
            seconds -= offset
        }
        guard reader.isAtEnd else { return nil }
        let whole = civil.daysSince1970 * 86_400 + seconds
        return Date(timeIntervalSince1970: Double(whole) + fraction)
    }

    /// The day since 1970-01-01, the second of that day, and the microseconds.
    package static func components(of date: Date) -> (days: Int, seconds: Int, microseconds: Int) {
        // A moment that is no number has no text; the edge is what any other impossible moment gets:
        // years 0001 to 9999 are what the text and Django can hold.
        let moment = date.timeIntervalSince1970
        let total = moment.isNaN ? -62_135_596_800 : min(max(moment, -62_135_596_800), 253_402_300_799)
        var whole = total.rounded(.down)
        var microseconds = ((total - whole) * 1_000_000).rounded()
        if microseconds >= 1_000_000 {
            whole += 1
            microseconds = 0
        }
        let bounded = Int(min(whole, 253_402_300_799))
        let (days, seconds) = floorDivision(bounded, 86_400)
        return (days, seconds, Int(microseconds))
    }
}

/// Reads fixed-width numbers from ASCII bytes: its own, so that it is inlined into the reading of rows.
private struct DigitReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for index in position..<(position + digits) {
            let digit = bytes[index] &- 0x30
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        position += digits
        return value
    }

    /// The digits behind the point; more than nine are cut, since no clock has them.
    mutating func fraction() -> Double? {
        var value = 0
        var scale = 1
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            if position - start < 9 {
                value = value * 10 + Int(bytes[position] - 0x30)
                scale *= 10
            }
            position += 1
        }
        return position > start ? Double(value) / Double(scale) : nil
    }

    /// `Z`, `+hh:mm` or nothing, in seconds.
    mutating func offset() -> Int? {
        if isAtEnd || take(0x5A) { return 0 }
        let sign = take(0x2B) ? 1 : take(0x2D) ? -1 : 0
        guard sign != 0, let hours = number(digits: 2) else { return nil }
        _ = take(0x3A)
        guard let minutes = isAtEnd ? 0 : number(digits: 2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
