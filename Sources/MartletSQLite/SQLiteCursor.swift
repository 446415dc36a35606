import CSQLite
import MartletORM
import Synchronization

/// A statement that has been begun and not ended: SQLite finds the next rows when they are asked for.
///
/// SQLite lets such a statement see what its own connection writes meanwhile, so that a loop which inserts into the
/// table that it reads would never end. Therefore the rest of the rows is read before anything is written.
///
/// Every call is a job of the connection's queue, as all of SQLite is.
// @unchecked: what changes is used in jobs of the connection's queue only; `prepared` is handed to it by `deinit`.
final class SQLiteCursor<Value: Sendable>: RowCursor, OpenCursor, @unchecked Sendable {
    private let connection: SQLiteConnection
    private let statement: Statement
    private let decode: @Sendable (any Row) throws -> Value
    /// `nil` behind the last row.
    private var prepared: OpaquePointer?
    /// Rows that were read ahead, the next one last, and what ended that.
    private var ahead: [Value] = []
    private var failure: (any Error)?

    init(
        _ connection: SQLiteConnection, _ statement: Statement, _ prepared: OpaquePointer,
        decode: @escaping @Sendable (any Row) throws -> Value
    ) {
        self.connection = connection
        self.statement = statement
        self.prepared = prepared
        self.decode = decode
    }

    deinit {
        if let prepared { connection.finalize(UnfinishedStatement(pointer: prepared)) }
    }

    func next(_ count: Int) async throws -> [Value] {
        try await connection.onQueue(statement) { interruption in
            var values: [Value] = []
            while values.count < count, let value = try self.nextRow() {
                if interruption.isInterrupted { throw CancellationError() }
                values.append(value)
            }
            return values
        }
    }

    private func nextRow() throws -> Value? {
        if let value = ahead.popLast() { return value }
        if let failure {
            self.failure = nil
            throw failure
        }
        return try step()
    }

    private func step() throws -> Value? {
        guard let prepared else { return nil }
        switch sqlite3_step(prepared) {
        case SQLITE_ROW: return try decode(SQLiteRow(prepared))
        case SQLITE_DONE:
            // Another step would begin the query again.
            end()
            return nil
        default: throw connection.error(of: statement)
        }
    }

    func readAhead() {
        var rows: [Value] = []
        do {
            while let value = try step() { rows.append(value) }
        } catch {
            failure = error
            end()
        }
        ahead = rows.reversed() + ahead
    }

    func close() async {
        await connection.afterOthers {
            self.end()
            self.ahead = []
        }
    }

    /// In a job of the queue.
    private func end() {
        sqlite3_finalize(prepared)
        prepared = nil
        connection.forget(self)
    }
}

/// A cursor as its connection knows it.
protocol OpenCursor: AnyObject {
    /// Reads all rows that are left.
    func readAhead()
}

/// The cursors of a connection whose statements have not ended. They end when nobody holds them.
struct OpenCursors {
    private struct Entry {
        weak var cursor: (any OpenCursor)?
    }

    private var entries: [Entry] = []

    mutating func add(_ cursor: any OpenCursor) {
        entries.removeAll { $0.cursor == nil }
        entries.append(Entry(cursor: cursor))
    }

    mutating func remove(_ cursor: any OpenCursor) {
        entries.removeAll { $0.cursor == nil || $0.cursor === cursor }
    }

    /// Takes all of them out.
    mutating func take() -> [any OpenCursor] {
        defer { entries = [] }
        return entries.compactMap(\.cursor)
    }
}

/// A statement on its way between the queue on which it is used and the cursor that holds it.
// @unchecked: handed over once, and used on the queue only.
struct UnfinishedStatement: @unchecked Sendable {
    let pointer: OpaquePointer
}

extension SQLiteConnection {
    func cursor<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> any RowCursor<Value> {
        try await onQueue(statement) { _ in
            let prepared = try self.begin(statement)
            let cursor = SQLiteCursor(self, statement, prepared.pointer, decode: decode)
            self.remember(cursor)
            return cursor
        }
    }
}
