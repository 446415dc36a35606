import CPostgreSQL
import FoundationEssentials
import MartletORM
import MartletValues

extension PostgreSQLRow {
    func decimal(at index: Int) throws(DecodingProblem) -> Decimal {
        let exact: ExactDecimal? =
            switch isNull(at: index) ? .unknown : type(index) {
            case .numeric: ExactDecimal(exactNumber(index))
            case .int8, .int4, .int2: (try? integer(at: index)).map { ExactDecimal($0) }
            case .float8, .float4: (try? real(at: index)).flatMap { ExactDecimal($0) }
            default: nil
            }
        guard let exact else { throw problem(at: index, "a decimal number of at most 38 digits") }
        return exact.decimal
    }

    func date(at index: Int) throws(DecodingProblem) -> CalendarDate {
        guard let day = day(index) else { throw problem(at: index, "a day of the years 1 to 9999") }
        return day
    }

    func time(at index: Int) throws(DecodingProblem) -> TimeOfDay {
        guard let time = clock(index) else { throw problem(at: index, "a time of day before 24:00") }
        return time
    }

    func duration(at index: Int) throws(DecodingProblem) -> Duration {
        guard let duration = length(index) else {
            throw problem(at: index, "a length of time of days and less (months have no one length)")
        }
        return duration
    }

    func json(at index: Int) throws(DecodingProblem) -> String {
        guard let text = document(index) else { throw problem(at: index, "JSON") }
        return text
    }

    // MARK: Values of each type

    func day(_ index: Int) -> CalendarDate? {
        guard type(index) == .date, !isNull(at: index) else { return nil }
        return isBinary(index) ? load(index, Int32.self).flatMap(BinaryTimestamp.day) : CalendarDate(text: bytes(index))
    }

    func clock(_ index: Int) -> TimeOfDay? {
        guard type(index) == .time, !isNull(at: index) else { return nil }
        return isBinary(index)
            ? load(index, Int64.self).flatMap(TimeOfDay.init(microseconds:)) : TimeOfDay(text: bytes(index))
    }

    func length(_ index: Int) -> Duration? {
        guard type(index) == .interval, !isNull(at: index) else { return nil }
        return isBinary(index) ? IntervalValue.binary(bytes(index)) : IntervalValue.text(bytes(index))
    }

    func document(_ index: Int) -> String? {
        guard !isNull(at: index), type(index) == .jsonb || type(index).isText else { return nil }
        guard type(index) == .jsonb, isBinary(index) else { return string(index) }
        // The first byte is the version of the form, which is text ever since.
        guard bytes(index).first == 1 else { return nil }
        return String(decoding: bytes(index).dropFirst(), as: UTF8.self)
    }

    func address(_ index: Int) -> String? {
        guard type(index).isAddress, !isNull(at: index) else { return nil }
        return isBinary(index) ? AddressText.text(bytes(index)) : string(index)
    }
}

/// IP addresses in PostgreSQL's binary form.
///
/// Source: `network_send` in PostgreSQL's `src/backend/utils/adt/network.c`: family, bits of the network, whether it is a
/// `cidr`, the number of bytes, the bytes.
enum AddressText {
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard bytes.count >= 4, bytes.count == 4 + Int(bytes[3]), bytes[3] == 4 || bytes[3] == 16 else { return nil }
        let address = IPAddress(networkOrder: bytes.dropFirst(4)).description
        let isWhole = Int(bytes[1]) == Int(bytes[3]) * 8 && bytes[2] == 0
        return isWhole ? address : "\(address)/\(bytes[1])"
    }
}
