/// The bytes of a pickle, taken from the front.
struct PickleInput {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }
    var isAtEnd: Bool { place == bytes.count }

    func error(_ code: PickleError.Code, _ message: String) -> PickleError {
        PickleError(code, message, offset: max(place - 1, 0))
    }

    mutating func next() throws(PickleError) -> UInt8 {
        guard place < bytes.count else { throw truncated() }
        place += 1
        return bytes[place - 1]
    }

    mutating func take(_ count: Int) throws(PickleError) -> ArraySlice<UInt8> {
        guard count >= 0 else { throw error(.malformed, "A length is negative.") }
        guard count <= bytes.count - place else { throw truncated() }
        place += count
        return bytes[place - count..<place]
    }

    mutating func littleEndian<Number: FixedWidthInteger>(_ type: Number.Type) throws(PickleError) -> Number {
        var number: Number = 0
        for byte in try take(MemoryLayout<Number>.size).reversed() {
            number = number << 8 | Number(truncatingIfNeeded: byte)
        }
        return number
    }

    /// A length of eight bytes.
    mutating func length() throws(PickleError) -> Int {
        guard let length = Int(exactly: try littleEndian(UInt64.self)) else { throw truncated() }
        return length
    }

    mutating func text(_ count: Int) throws(PickleError) -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw error(.malformed, "Text is not UTF-8, or has half of a surrogate pair.")
        }
        return text
    }

    /// Text up to the end of the line.
    mutating func line() throws(PickleError) -> String {
        guard let end = bytes[place...].firstIndex(of: 0x0A) else { throw truncated() }
        let text = try text(end - place)
        place += 1
        return text
    }

    /// A frame says how many bytes belong together, so that they can be read at once; all of them are here already.
    mutating func checkFrame() throws(PickleError) {
        guard try length() <= bytes.count - place else { throw truncated() }
    }

    private func truncated() -> PickleError {
        PickleError(.truncated, "The pickle ends too early.", offset: place)
    }
}
