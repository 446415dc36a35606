/// Durations and sizes as people write them in settings: `10s`, `500ms`, `2.5MB`.
enum Quantity {
    /// Reads a duration: a number of seconds, or of the unit behind it: `ms`, `s`, `m`, `h`.
    ///
    /// - Returns: `nil` when the text is none, or longer than a year.
    static func duration(_ text: String) -> Duration? {
        let units: KeyValuePairs = ["ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000]
        let longest = 365 * 24 * 3_600_000
        return whole(text, units, unitless: 1_000, most: longest).map { .milliseconds($0) }
    }

    /// Reads a size: a number of bytes, or of the unit behind it: `KB`, `MB`, `GB`, each 1,024 of the one before.
    ///
    /// - Returns: `nil` when the text is none, or more than a petabyte.
    static func size(_ text: String) -> Int? {
        let units: KeyValuePairs = ["KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "B": 1]
        return whole(text, units, unitless: 1, most: 1 << 50)
    }

    /// Writes a duration in the largest unit that makes a whole number of it.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }

    /// Writes a size in the largest unit that makes at most one digit behind the point of it.
    static func text(size: Int) -> String {
        for (unit, bytes) in [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)] where size >= bytes {
            guard size * 10 % bytes == 0 else { continue }
            let tenths = size * 10 / bytes
            return tenths % 10 == 0 ? "\(tenths / 10)\(unit)" : "\(tenths / 10).\(tenths % 10)\(unit)"
        }
        return "\(size)"
    }

    /// Digits with at most three behind a point, times the unit behind them; what is left of a whole is dropped.
    private static func whole(
        _ text: String, _ units: KeyValuePairs<String, Int>, unitless: Int, most: Int
    ) -> Int? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text[number.endIndex...].lowercased()
        let factor = unit.isEmpty ? unitless : units.first { $0.key.lowercased() == unit }?.value
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let factor, (1...2).contains(parts.count), let whole = Int(parts[0]) else { return nil }
        var thousandths = 0
        if parts.count == 2 {
            let digits = parts[1]
            guard (1...3).contains(digits.count), let value = Int(digits) else { return nil }
            thousandths = digits.count == 1 ? value * 100 : digits.count == 2 ? value * 10 : value
        }
        let (product, overflow) = whole.multipliedReportingOverflow(by: factor)
        guard !overflow, product <= most else { return nil }
        return product + thousandths * factor / 1_000
    }
}
