/// Reads numbers of a fixed width from ASCII bytes.
package struct DigitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Begins at the first byte; the memory belongs to the caller.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Whether everything was read.
    package var isAtEnd: Bool { position == bytes.count }

    /// The next byte; `nil` at the end.
    package var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Reads a byte if it is the next.
    package mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// Reads exactly so many digits.
    package mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for index in position..<(position + digits) {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            value = value * 10 + Int(bytes[index] - 0x30)
        }
        position += digits
        return value
    }

    /// Reads as many digits as there are.
    ///
    /// - Returns: `nil` without a digit, and for a number that 64 bits do not hold.
    package mutating func number() -> Int? {
        var value = 0
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) {
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(Int(byte - 0x30))
            guard !isTooLarge, !overflows else { return nil }
            value = sum
            position += 1
        }
        return position > start ? value : nil
    }

    /// Reads the digits behind the point of a second; those after the sixth are cut off.
    package mutating func microseconds() -> Int? {
        var value = 0
        var count = 0
        while let byte = next, (0x30...0x39).contains(byte) {
            if count < 6 { value = value * 10 + Int(byte - 0x30) }
            count += 1
            position += 1
        }
        guard count > 0 else { return nil }
        for _ in 0..<max(0, 6 - count) { value *= 10 }
        return value
    }
}

/// Writes two digits at a place.
enum DigitWriter {
    static func write(_ twoDigits: Int, to buffer: UnsafeMutableBufferPointer<UInt8>, at place: Int) {
        buffer[place] = 0x30 + UInt8(truncatingIfNeeded: twoDigits / 10)
        buffer[place + 1] = 0x30 + UInt8(truncatingIfNeeded: twoDigits % 10)
    }
}
