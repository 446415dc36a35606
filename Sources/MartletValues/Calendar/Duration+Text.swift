extension Duration {
    /// Days, seconds of the day and microseconds, of which only the days may be negative: Python's `timedelta`.
    private var pythonParts: (days: Int64, seconds: Int64, microseconds: Int64) {
        let (seconds, attoseconds) = components
        var microseconds = attoseconds / 1_000_000_000_000
        var whole = seconds
        if microseconds < 0 {
            microseconds += 1_000_000
            whole -= 1
        }
        let (days, rest) = whole.quotientAndRemainder(dividingBy: 86_400)
        return rest < 0 ? (days - 1, rest + 86_400, microseconds) : (days, rest, microseconds)
    }

    /// `1 day, 2:03:04.500000`: what Python's `str` makes of a `timedelta`.
    package var pythonText: String {
        let (days, seconds, microseconds) = pythonParts
        let prefix = days == 0 ? "" : "\(days) day\(days == 1 || days == -1 ? "" : "s"), "
        let clock = "\(seconds / 3600):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return prefix + clock + (microseconds == 0 ? "" : "." + padded(microseconds, 6))
    }

    /// `1 02:03:04.500000`: how Django's forms and REST framework write a duration.
    ///
    /// Source: Django's `duration_string`.
    package var clockText: String {
        let (days, seconds, microseconds) = pythonParts
        let clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return (days == 0 ? "" : "\(days) ") + clock + (microseconds == 0 ? "" : "." + padded(microseconds, 6))
    }

    /// `P1DT02H03M04.500000S`: how Django's JSON has a duration.
    ///
    /// Source: Django's `duration_iso_string`.
    package var iso8601Text: String {
        let sign = self < .zero ? "-" : ""
        let (days, seconds, microseconds) = (self < .zero ? Duration.zero - self : self).pythonParts
        let fraction = microseconds == 0 ? "" : "." + padded(microseconds, 6)
        return "\(sign)P\(days)DT\(padded(seconds / 3600, 2))H\(padded(seconds / 60 % 60, 2))M"
            + "\(padded(seconds % 60, 2))\(fraction)S"
    }
}

extension Duration {
    /// Reads `1 02:03:04.5`, `02:03:04`, `03:04` (minutes and seconds) or a number of seconds, and Python's
    /// `1 day, 2:03:04`.
    ///
    /// - Returns: `nil` for any other text.
    ///
    /// Source: Django's `parse_duration`.
    package init?(clockText text: String) {
        var text = text
        guard let duration = text.withUTF8({ Self.parse($0) }) else { return nil }
        self = duration
    }

    /// Reads `P1DT02H03M04.5S`, with a sign or without, of days, hours, minutes and seconds.
    ///
    /// - Returns: `nil` for any other text; weeks, months and years are none.
    ///
    /// Source: Django's `parse_duration`.
    package init?(iso8601Text text: String) {
        var text = text
        guard let duration = text.withUTF8({ Self.parseISO8601($0) }) else { return nil }
        self = duration
    }

    private static func parseISO8601(_ bytes: UnsafeBufferPointer<UInt8>) -> Duration? {
        var reader = DigitReader(bytes)
        let isNegative = reader.take(0x2D)
        guard reader.take(0x50) else { return nil }
        var total = Duration.zero
        var units: [(letter: UInt8, seconds: Int)] = [(0x44, 86_400)]
        var isEmpty = true
        while !reader.isAtEnd {
            if reader.take(0x54) {
                guard units.allSatisfy({ $0.letter == 0x44 }) else { return nil }
                units = [(0x48, 3600), (0x4D, 60), (0x53, 1)]
            }
            guard let number = reader.number(), number < 1_000_000_000_000 else { return nil }
            var microseconds = 0
            if reader.take(0x2E) {
                guard let fraction = reader.microseconds() else { return nil }
                microseconds = fraction
            }
            guard let letter = reader.next, let place = units.firstIndex(where: { $0.letter == letter }),
                reader.take(letter), microseconds == 0 || letter == 0x53
            else { return nil }
            total += .seconds(number * units[place].seconds) + .microseconds(microseconds)
            units.removeFirst(place + 1)
            isEmpty = false
        }
        return isEmpty ? nil : isNegative ? .zero - total : total
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Duration? {
        var reader = DigitReader(bytes)
        let isNegative = reader.take(0x2D)
        guard let first = reader.number() else { return nil }
        var days = 0
        var parts = [first]
        if reader.take(0x20) {
            if reader.take(0x64) { skipDays(&reader) }
            days = isNegative ? -first : first
            guard let hours = reader.number() else { return nil }
            parts = [hours]
        }
        while reader.take(0x3A) {
            guard parts.count < 3, let part = reader.number(digits: 2), part < 60 else { return nil }
            parts.append(part)
        }
        var microseconds = 0
        if reader.take(0x2E) {
            guard let fraction = reader.microseconds() else { return nil }
            microseconds = fraction
        }
        guard reader.isAtEnd, days.magnitude < 1_000_000_000, parts[0] < 86_400_000_000_000 else { return nil }
        let seconds = parts.reduce(0) { $0 * 60 + $1 }
        let clock = Duration.seconds(seconds) + .microseconds(microseconds)
        // The sign in front of days is that of the days alone, as in Python; without days it is the clock's.
        return days == 0 && isNegative ? .zero - clock : .seconds(days * 86_400) + clock
    }

    private static func skipDays(_ reader: inout DigitReader) {
        for byte in "ays, ".utf8 { _ = reader.take(byte) }
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
