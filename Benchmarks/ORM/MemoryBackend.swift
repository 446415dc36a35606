import FoundationEssentials
import MartletORM
import MartletSQLite
import MartletValues

/// A database without a driver: every query returns the same row so many times.
struct MemoryBackend: DatabaseBackend {
    let count: Int

    var dialect: any SQLDialect { SQLiteDialect() }

    func lease(_ access: DatabaseAccess) async throws -> any DatabaseConnection { MemoryConnection(count: count) }

    func release(_ connection: any DatabaseConnection, _ access: DatabaseAccess) {}

    func close() async {}
}

final class MemoryConnection: DatabaseConnection {
    private let count: Int

    init(count: Int) {
        self.count = count
    }

    var isUsable: Bool { true }

    func rows<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        var values: [Value] = []
        for number in 0..<count { values.append(try decode(MemoryRow(number: Int64(number)))) }
        return values
    }

    func execute(_ statement: Statement) async throws -> ExecutionResult { ExecutionResult(changedRows: 0) }

    func cursor<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> any RowCursor<Value> { MemoryCursor<Value>() }
}

/// Nothing that is measured here reads by parts.
private final class MemoryCursor<Value: Sendable>: RowCursor {
    func next(_ count: Int) async throws -> [Value] { [] }

    func close() async {}
}

/// A row whose values cost nothing to read.
private struct MemoryRow: Row {
    let number: Int64

    var count: Int { 7 }
    func isNull(at index: Int) -> Bool { false }
    func bool(at index: Int) throws(DecodingProblem) -> Bool { true }
    func integer(at index: Int) throws(DecodingProblem) -> Int64 { number }
    func real(at index: Int) throws(DecodingProblem) -> Double { 2.5 }
    func text(at index: Int) throws(DecodingProblem) -> String { "A short title" }
    func bytes(at index: Int) throws(DecodingProblem) -> [UInt8] { [] }
    func uuid(at index: Int) throws(DecodingProblem) -> UUID {
        UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    }
    func dateTime(at index: Int) throws(DecodingProblem) -> Date { Date(timeIntervalSince1970: 0) }
    func decimal(at index: Int) throws(DecodingProblem) -> Decimal { Decimal(number) }
    func date(at index: Int) throws(DecodingProblem) -> CalendarDate { CalendarDate(Date(timeIntervalSince1970: 0)) }
    func time(at index: Int) throws(DecodingProblem) -> TimeOfDay { TimeOfDay(Date(timeIntervalSince1970: 0)) }
    func duration(at index: Int) throws(DecodingProblem) -> Duration { .zero }
    func json(at index: Int) throws(DecodingProblem) -> String { "{}" }
    func value(at index: Int) -> SQLValue { .integer(number) }
    func columnName(at index: Int) -> String { "\(index)" }
}
