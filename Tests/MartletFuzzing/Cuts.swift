/// Cuts an input into pieces, as a network does.
///
/// The last byte of an input says where: the fuzzer finds the place that matters, and no input takes long.
struct Cuts {
    let whole: [UInt8]
    let pieces: [ArraySlice<UInt8>]

    init(_ input: [UInt8]) {
        let last = Int(input.last ?? 0)
        whole = Array(input.dropLast())
        switch last {
        // Byte by byte is the hardest cut of all.
        case 0..<64: pieces = Self.chop(whole, 1)
        case 64..<128: pieces = Self.chop(whole, last - 62)
        default: pieces = Self.halve(whole, last - 128)
        }
    }

    private static func chop(_ bytes: [UInt8], _ size: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
    }

    private static func halve(_ bytes: [UInt8], _ place: Int) -> [ArraySlice<UInt8>] {
        // Counted from the end, where heads and bodies are decided.
        let middle = max(bytes.count - place, 0)
        return [bytes[..<middle], bytes[middle...]]
    }
}
