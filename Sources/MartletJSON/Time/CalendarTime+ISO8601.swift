extension CalendarTime {
    /// When the microseconds are written.
    package enum Fraction: Sendable {
        /// Only when they are not zero, as Python's `isoformat` and Django REST framework do.
        case whenNotZero
        /// Always, so that lines of a log have one width.
        case always
    }

    /// Appends `2026-01-01T12:00:00Z`, or with six digits of a second. A year that four digits cannot hold is written
    /// with its sign and as many as it has.
    package func appendISO8601(to bytes: inout [UInt8], fraction: Fraction) {
        guard (0...9999).contains(year) else {
            JSONNumber.append(year, to: &bytes)
            var rest: [UInt8] = []
            var four = self
            four.year = 0
            four.appendISO8601(to: &rest, fraction: fraction)
            bytes += rest.dropFirst(4)
            return
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 27) { text in
            Self.write(year / 100, to: text, at: 0)
            Self.write(year % 100, to: text, at: 2)
            Self.write(0x2D, month, to: text, at: 4)
            Self.write(0x2D, day, to: text, at: 7)
            Self.write(0x54, hour, to: text, at: 10)
            Self.write(0x3A, minute, to: text, at: 13)
            Self.write(0x3A, second, to: text, at: 16)
            var end = 19
            if fraction == .always || microsecond != 0 {
                Self.write(0x2E, microsecond / 10_000, to: text, at: 19)
                Self.write(microsecond / 100 % 100, to: text, at: 22)
                Self.write(microsecond % 100, to: text, at: 24)
                end = 26
            }
            text[end] = 0x5A
            bytes.append(contentsOf: text[...end])
        }
    }

    private static func write(
        _ separator: UInt8, _ twoDigits: Int, to text: UnsafeMutableBufferPointer<UInt8>, at place: Int
    ) {
        text[place] = separator
        write(twoDigits, to: text, at: place + 1)
    }

    private static func write(_ twoDigits: Int, to text: UnsafeMutableBufferPointer<UInt8>, at place: Int) {
        text[place] = 0x30 + UInt8(truncatingIfNeeded: twoDigits / 10)
        text[place + 1] = 0x30 + UInt8(truncatingIfNeeded: twoDigits % 10)
    }
}

extension CalendarTime {
    /// Reads `2026-01-01T12:00:00Z`: seconds and their fraction may be missing, the offset may not, since a time
    /// without one means another moment on each machine. Digits after the sixth of a fraction are cut off.
    ///
    /// - Returns: `nil` for any other text, and for a day or hour that does not exist.
    ///
    /// Source: [RFC 3339 §5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6).
    package init?(iso8601 text: String) {
        var text = text
        guard let time = text.withUTF8({ Self(iso8601: $0) }) else { return nil }
        self = time
    }

    private init?(iso8601 text: UnsafeBufferPointer<UInt8>) {
        var scanner = Scanner(text: text[...])
        guard let year = scanner.digits(4), scanner.take(0x2D), let month = scanner.digits(2), scanner.take(0x2D),
            let day = scanner.digits(2), scanner.take(0x54) || scanner.take(0x74) || scanner.take(0x20),
            let hour = scanner.digits(2), scanner.take(0x3A), let minute = scanner.digits(2)
        else { return nil }
        guard (1...9999).contains(year), (1...12).contains(month), hour < 24, minute < 60,
            (1...Self.lastDay(of: month, in: year)).contains(day)
        else { return nil }
        var second = 0
        var microsecond = 0
        if scanner.take(0x3A) {
            guard let digits = scanner.digits(2), digits < 60, let fraction = scanner.fraction() else { return nil }
            second = digits
            microsecond = fraction
        }
        guard let offset = scanner.offset(), scanner.text.isEmpty else { return nil }
        self.init(microsecondsSince1970: 0)
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second, self.microsecond) = (hour, minute, second, microsecond)
        self.init(microsecondsSince1970: microsecondsSince1970 - offset * 60_000_000)
    }

    private static func lastDay(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private struct Scanner {
        var text: Slice<UnsafeBufferPointer<UInt8>>

        mutating func take(_ byte: UInt8) -> Bool {
            guard text.first == byte else { return false }
            text.removeFirst()
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            var number = 0
            for _ in 0..<count {
                guard let digit = text.first, (0x30...0x39).contains(digit) else { return nil }
                number = number * 10 + Int(digit - 0x30)
                text.removeFirst()
            }
            return number
        }

        /// Microseconds; 0 when there is no fraction, `nil` when a point has no digit after it.
        mutating func fraction() -> Int? {
            guard take(0x2E) else { return 0 }
            var number = 0
            var count = 0
            while let digit = digits(1) {
                if count < 6 { number = number * 10 + digit }
                count += 1
            }
            guard count > 0 else { return nil }
            for _ in 0..<max(0, 6 - count) { number *= 10 }
            return number
        }

        /// Minutes east of UTC.
        mutating func offset() -> Int? {
            if take(0x5A) || take(0x7A) { return 0 }
            let isEast = take(0x2B)
            guard isEast || take(0x2D), let hours = digits(2), take(0x3A), let minutes = digits(2) else { return nil }
            guard hours < 24, minutes < 60 else { return nil }
            return (isEast ? 1 : -1) * (hours * 60 + minutes)
        }
    }
}
