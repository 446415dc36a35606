import CSQLite
import MartletJSON

/// The values of a group, put in order and made into one text or one list in JSON: `martlet_gather`.
///
/// Its first argument says how (see `SQLiteDialect.aggregate`); the value follows, for a text the separator, and what the
/// rows are ordered by.
final class Gathering {
    private struct Row {
        let value: GatheredValue
        let keys: [GatheredValue]
    }

    private let form: Form
    private let isDistinct: Bool
    private let directions: [Direction]
    private var separator: [UInt8] = []
    private var rows: [Row] = []

    private enum Form: String {
        case text
        case list
    }

    private struct Direction {
        let isDescending: Bool
        let areNullsFirst: Bool

        /// `A`, `D`, `Al`, `Df` and so on; unless told, nulls are smaller than all else, as everywhere in SQLite.
        init(_ text: Substring) {
            isDescending = text.hasPrefix("D")
            areNullsFirst = text.hasSuffix("f") || !text.hasSuffix("l") && !isDescending
        }
    }

    private init?(plan: String) {
        let parts = plan.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let form = Form(rawValue: String(parts[0])) else { return nil }
        self.form = form
        isDistinct = parts[1] == "distinct"
        directions = parts[2].split(separator: ",").map(Direction.init)
    }

    // MARK: What SQLite calls

    /// Takes one row.
    static func step(_ context: OpaquePointer?, _ count: Int32, _ arguments: UnsafeMutablePointer<OpaquePointer?>?) {
        let values = (0..<Int(count)).map { GatheredValue(arguments?[$0]) }
        guard let place = SQLiteAggregates.state(context, as: UnsafeMutableRawPointer?.self) else {
            return sqlite3_result_error_nomem(context)
        }
        if place.pointee == nil {
            guard case .text(let bytes)? = values.first,
                let new = Gathering(plan: String(decoding: bytes, as: UTF8.self))
            else { return sqlite3_result_error(context, "martlet_gather is not called as Martlet calls it", -1) }
            // Taken back in `finish`, which SQLite calls after each first step, also for a statement that is ended.
            place.pointee = Unmanaged.passRetained(new).toOpaque()
        }
        guard let address = place.pointee else { return }
        Unmanaged<Gathering>.fromOpaque(address).takeUnretainedValue().add(values.dropFirst())
    }

    /// Answers with the text or list, or with null for no rows.
    static func finish(_ context: OpaquePointer?) {
        guard let place = SQLiteAggregates.state(context, as: UnsafeMutableRawPointer?.self, isNew: false),
            let address = place.pointee
        else { return sqlite3_result_null(context) }
        place.pointee = nil
        guard let bytes = Unmanaged<Gathering>.fromOpaque(address).takeRetainedValue().result() else {
            return sqlite3_result_null(context)
        }
        bytes.withUnsafeBytes { bytes in
            let text = bytes.bindMemory(to: CChar.self)
            sqlite3_result_text64(
                context, text.baseAddress, UInt64(text.count), copyBytes, UInt8(truncatingIfNeeded: SQLITE_UTF8))
        }
    }

    // MARK: Rows

    private func add(_ values: ArraySlice<GatheredValue>) {
        var values = values
        guard let value = values.popFirst() else { return }
        if form == .text {
            guard case .text(let bytes)? = values.popFirst() else { return }
            separator = bytes
            // A text that is null is no text; in a list null has a place.
            if value == .null { return }
        }
        rows.append(Row(value: value, keys: Array(values)))
    }

    private func result() -> [UInt8]? {
        var values = ordered()
        if isDistinct {
            var known: Set<GatheredValue> = []
            values = values.filter { known.insert($0).inserted }
        }
        guard !values.isEmpty else { return nil }
        return form == .text ? text(values) : list(values)
    }

    private func ordered() -> [GatheredValue] {
        guard !directions.isEmpty else { return rows.map(\.value) }
        return rows.enumerated().sorted { first, second in
            for (index, direction) in directions.enumerated() {
                guard index < first.element.keys.count, index < second.element.keys.count else { break }
                let (left, right) = (first.element.keys[index], second.element.keys[index])
                if left == right { continue }
                if left == .null || right == .null { return (left == .null) == direction.areNullsFirst }
                // A whole number and a fraction of the same value: neither comes first.
                if left.precedes(right) { return !direction.isDescending }
                if right.precedes(left) { return direction.isDescending }
            }
            return first.offset < second.offset
        }.map(\.element.value)
    }

    private func text(_ values: [GatheredValue]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, value) in values.enumerated() {
            if index > 0 { bytes += separator }
            bytes += value.text
        }
        return bytes
    }

    private func list(_ values: [GatheredValue]) -> [UInt8] {
        var bytes: [UInt8] = [0x5B]
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            value.appendJSON(to: &bytes)
        }
        bytes.append(0x5D)
        return bytes
    }
}
