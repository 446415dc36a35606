/// Reads and writes the columns of a model, in the order in which rows are selected.
///
/// Only what a loop over the columns of every row needs stands here; lines of the table would be copied each time.
struct RowCoding: Sendable {
    /// One column: its own way, or the place of its closures.
    private enum Step: Sendable {
        case direct(DirectColumn)
        case closures(Int)
    }

    // In a struct: closures that are themselves the elements of an array are called through another one each.
    private struct Closures: Sendable {
        let decode: ColumnAccess.Decode
        let encode: ColumnAccess.Encode
    }

    private let steps: [Step]
    private let closures: [Closures]

    init(_ columns: [ColumnAccess]) {
        var steps: [Step] = []
        var closures: [Closures] = []
        for column in columns {
            if let direct = column.direct {
                steps.append(.direct(direct))
            } else {
                steps.append(.closures(closures.count))
                closures.append(Closures(decode: column.decode, encode: column.encode))
            }
        }
        self.steps = steps
        self.closures = closures
    }

    /// Decodes the columns of a row into the model at an address, which was just made.
    func decode(_ row: any Row, at start: Int, into model: UnsafeMutableRawPointer) throws(DecodingProblem) {
        for index in steps.indices {
            switch steps[index] {
            case .direct(let column): try column.decode(row, at: start + index, into: model)
            case .closures(let place): try closures[place].decode(model, row, start + index)
            }
        }
    }

    /// Appends the values of the model at an address; all but the one at `left`, where one is to be left out.
    func encode(_ model: UnsafeRawPointer, leaving left: Int = -1, to values: inout [SQLValue]) {
        for index in steps.indices where index != left { values.append(value(index, of: model)) }
    }

    /// The value of one column of the model at an address.
    func value(_ index: Int, of model: UnsafeRawPointer) -> SQLValue {
        switch steps[index] {
        case .direct(let column): column.encode(model)
        case .closures(let place): closures[place].encode(model)
        }
    }
}
