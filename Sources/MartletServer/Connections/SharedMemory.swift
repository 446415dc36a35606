/// Memory that the connections of a worker use in turn.
///
/// A connection holds a buffer only while something is in it. Between its requests it has none, so that of thousands of
/// connections each finds the one that was used last: in the nearest cache of the processor.
struct SharedMemory {
    /// Buffers for answers, as many as were in use at once.
    private var outputs: [[UInt8]] = []
    /// The list of the fields of a head. One is enough: nearly all heads come whole.
    var fields = RequestParser.FieldList()

    /// More than these are not kept, nor larger ones.
    private static let keptCount = 16
    private static let keptCapacity = 8_192

    /// An empty buffer.
    mutating func takeOutput() -> [UInt8] { outputs.popLast() ?? [] }

    /// Takes an empty buffer back.
    mutating func give(output buffer: consuming [UInt8]) {
        guard buffer.capacity > 0, buffer.capacity <= Self.keptCapacity, outputs.count < Self.keptCount else { return }
        outputs.append(buffer)
    }
}
