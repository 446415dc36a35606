import MartletValues

/// Lengths of time as PostgreSQL has them: months, days and microseconds beside each other.
///
/// Django writes no months, and a month has no one length: an interval with some is none of ours.
enum IntervalValue {
    /// Source: `interval_send` in PostgreSQL's `src/backend/utils/adt/timestamp.c`.
    static func binary(_ bytes: UnsafeBufferPointer<UInt8>) -> Duration? {
        guard bytes.count == 16 else { return nil }
        let raw = UnsafeRawBufferPointer(bytes)
        let microseconds = Int64(bigEndian: raw.loadUnaligned(as: Int64.self))
        let days = Int32(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: Int32.self))
        let months = Int32(bigEndian: raw.loadUnaligned(fromByteOffset: 12, as: Int32.self))
        guard months == 0 else { return nil }
        return .seconds(Int64(days) * 86_400) + .microseconds(microseconds)
    }

    /// `-1 days +02:03:04.5`, the server's own style, which each connection is set to. Others are refused: to SQL's own,
    /// `-1 2:03:04.5` is a day and two hours below zero.
    ///
    /// Source: [PostgreSQL, interval output](https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-OUTPUT).
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> Duration? {
        var total = Duration.zero
        var needsUnit = false
        for part in bytes.split(separator: 0x20) {
            let isUnit = part.elementsEqual("day".utf8) || part.elementsEqual("days".utf8)
            guard isUnit == needsUnit else { return nil }
            needsUnit = false
            if isUnit { continue }
            let isNegative = part.first == 0x2D
            let rest = isNegative || part.first == 0x2B ? part.dropFirst() : part
            var reader = DigitReader(UnsafeBufferPointer(rebasing: rest))
            guard let first = reader.number(), first < 1_000_000_000_000 else { return nil }
            var length = Duration.seconds(first * 86_400)
            if reader.take(0x3A) {
                guard let minutes = reader.number(digits: 2), reader.take(0x3A), let seconds = reader.number(digits: 2)
                else { return nil }
                length = .seconds((first * 60 + minutes) * 60 + seconds)
                if reader.take(0x2E) {
                    guard let fraction = reader.microseconds() else { return nil }
                    length += .microseconds(fraction)
                }
            } else {
                needsUnit = true
            }
            guard reader.isAtEnd else { return nil }
            total += isNegative ? .zero - length : length
        }
        return needsUnit ? nil : total
    }
}
