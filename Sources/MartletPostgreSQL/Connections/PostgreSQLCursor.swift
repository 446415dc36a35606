import CPostgreSQL
import MartletORM
import Synchronization

/// A cursor of the server: `DECLARE`, `FETCH` and `CLOSE`.
///
/// A cursor lives in a transaction; where there is none, it has one of its own. libpq's single-row mode would do without,
/// but nothing else could run on the connection before the last row, and what is not read had to be cancelled.
///
/// Source: [PostgreSQL, DECLARE](https://www.postgresql.org/docs/current/sql-declare.html).
final class PostgreSQLCursor<Value: Sendable>: RowCursor {
    private let connection: PostgreSQLConnection
    private let statement: Statement
    private let place: CursorPlace
    private let decode: @Sendable (any Row) throws -> Value
    private let isOpen = Atomic(true)

    init(
        _ connection: PostgreSQLConnection, _ statement: Statement, _ place: CursorPlace,
        decode: @escaping @Sendable (any Row) throws -> Value
    ) {
        self.connection = connection
        self.statement = statement
        self.place = place
        self.decode = decode
    }

    func next(_ count: Int) async throws -> [Value] {
        guard isOpen.load(ordering: .acquiring) else { return [] }
        return try await connection.inTurn(statement) {
            let result = try await connection.runOnce(
                "FETCH FORWARD \(min(count, Int(Int32.max))) FROM \(place.name)", isBinary: place.isBinary)
            defer { PQclear(result) }
            return try PostgreSQLConnection.decode(result, decode)
        }
    }

    func close() async {
        guard isOpen.exchange(false, ordering: .acquiringAndReleasing) else { return }
        guard place.hasOwnTransaction else { return await connection.closeCursor(place.name) }
        // A commit of what has failed is a rollback. If even this fails, the connection is not lent again.
        _ = try? await connection.execute(Statement("COMMIT"))
    }
}

/// A cursor's name, and what is to know of it.
struct CursorPlace: Sendable {
    let name: String
    let isBinary: Bool
    let hasOwnTransaction: Bool
}

extension PostgreSQLConnection {
    func cursor<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> any RowCursor<Value> {
        let place = try await inTurn(statement) { try await declare(statement) }
        return PostgreSQLCursor(self, statement, place, decode: decode)
    }

    /// Closes a cursor of somebody's transaction, which must not fail by it.
    ///
    /// A loop that was left lets go of its cursor at some later time; a rollback to a savepoint may have ended the cursor
    /// by then, and closing what is not there would be an error of the transaction.
    func closeCursor(_ name: String) async {
        _ = try? await inTurn(Statement("CLOSE \(name)")) {
            // What has failed is rolled back, and most cursors with it; the end of the transaction closes the others.
            guard PQtransactionStatus(pointer) == PQTRANS_INTRANS else { return }
            let found = try await runOnce("SELECT FROM pg_catalog.pg_cursors WHERE name = '\(name)'")
            defer { PQclear(found) }
            if PQntuples(found) > 0 { PQclear(try await runOnce("CLOSE \(name)")) }
        }
    }

    private nonisolated(nonsending) func declare(_ statement: Statement) async throws -> CursorPlace {
        let isAlone = pendingBegin == nil && PQtransactionStatus(pointer) == PQTRANS_IDLE
        if isAlone { pendingBegin = "BEGIN" }
        if PQtransactionStatus(pointer) == PQTRANS_IDLE { cursors = 0 }
        // The same names again and again, so that the statements are prepared once.
        cursors += 1
        let name = "martlet_cursor_\(cursors)"
        do {
            let sql = "DECLARE \(name) NO SCROLL CURSOR FOR \(statement.sql)"
            PQclear(try await run(Statement(sql, statement.parameters)))
            return CursorPlace(name: name, isBinary: try await isBinary(name), hasOwnTransaction: isAlone)
        } catch {
            guard isAlone else { throw error }
            if pendingBegin != nil {
                pendingBegin = nil
            } else if let result = try? await runOnce("ROLLBACK") {
                PQclear(result)
            }
            throw error
        }
    }

    /// Whether all columns of a cursor can be read in binary form.
    private nonisolated(nonsending) func isBinary(_ cursor: String) async throws -> Bool {
        do {
            let result = try await exchange(cursor) { PQsendDescribePortal(pointer, cursor) }
            defer { PQclear(result) }
            return (0..<PQnfields(result)).allSatisfy { PQftype(result, $0).hasBinaryDecoder }
        } catch let error as ServerError {
            throw await catalog.complete(error)
        }
    }
}
