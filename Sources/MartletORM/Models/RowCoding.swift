/// Reads and writes the columns of a model, in the order in which rows are selected.
///
/// Nothing but closures stands here, since a loop over the lines of the table would copy each of them for every row.
struct RowCoding: Sendable {
    typealias Decode = @Sendable (UnsafeMutableRawPointer, any Row, Int) throws(DecodingProblem) -> Void
    typealias Encode = @Sendable (UnsafeRawPointer) -> SQLValue

    private let decoders: [Decode]
    private let encoders: [Encode]

    init(_ columns: [ColumnAccess]) {
        decoders = columns.map(\.decode)
        encoders = columns.map(\.encode)
    }

    /// Decodes the columns of a row into the model at an address.
    func decode(_ row: any Row, at start: Int, into model: UnsafeMutableRawPointer) throws(DecodingProblem) {
        for index in decoders.indices { try decoders[index](model, row, start + index) }
    }

    /// Appends the values of the model at an address; all but the one at `left`, where one is to be left out.
    func encode(_ model: UnsafeRawPointer, leaving left: Int = -1, to values: inout [SQLValue]) {
        for index in encoders.indices where index != left { values.append(encoders[index](model)) }
    }

    /// The value of one column of the model at an address.
    func value(_ index: Int, of model: UnsafeRawPointer) -> SQLValue { encoders[index](model) }
}
