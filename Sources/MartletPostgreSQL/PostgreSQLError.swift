import CPostgreSQL
import MartletORM

/// What the server has said about a statement.
struct ServerError: Error {
    /// The five characters of SQLSTATE.
    let state: String
    /// The constraint that does not hold, where there is one.
    let constraint: ConstraintPlace?
    let databaseError: DatabaseError

    init(_ result: OpaquePointer, sql: String?) {
        let state = PostgreSQLError.field("C", of: result) ?? ""
        self.state = state
        constraint = state.hasPrefix("23") ? ConstraintPlace(result) : nil
        if PQresultStatus(result) == PGRES_EMPTY_QUERY {
            databaseError = DatabaseError(.statement, "The statement is empty.", sql: sql)
            return
        }
        // Without a state it is libpq's own error: the connection has gone.
        let message = PostgreSQLError.field("M", of: result) ?? String(cString: PQresultErrorMessage(result))
        databaseError = DatabaseError(
            state.isEmpty ? .connection : PostgreSQLError.kind(of: state, message), PostgreSQLError.trimmed(message),
            columns: PostgreSQLError.columns(of: result), constraint: PostgreSQLError.field("n", of: result), sql: sql,
            code: state.isEmpty ? nil : state)
    }
}

/// Turns PostgreSQL's error codes into the kinds that all databases share.
///
/// Source: [PostgreSQL, Error Codes](https://www.postgresql.org/docs/current/errcodes-appendix.html).
enum PostgreSQLError {
    /// What libpq says about the connection.
    static func message(of connection: OpaquePointer) -> String {
        PQerrorMessage(connection).map { trimmed(String(cString: $0)) } ?? ""
    }

    /// The error of a connection that was not opened. libpq tells no code here, so that a server with as many connections
    /// as it takes is known by its words, in English only.
    static func opening(_ message: String) -> DatabaseError {
        let signs = ["too many clients", "too many connections", "remaining connection slots", "no more connections"]
        let isFull = signs.contains { message.contains($0) }
        return DatabaseError(isFull ? .tooManyConnections : .connection, message)
    }

    /// A field of an error, by the letter the protocol gives it.
    static func field(_ letter: Unicode.Scalar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }

    /// - Parameter message: The server's words. They alone tell a limit of the server's from somebody's wish, and only in
    ///   English; in another language both are `cancelled`.
    static func kind(of state: String, _ message: String) -> DatabaseError.Kind {
        switch state {
        case "23505": .uniqueViolation
        case "23P01": .exclusionViolation
        // `23001` is what PostgreSQL 18 says where a row is still referred to by `ON DELETE RESTRICT`.
        case "23503", "23001": .foreignKeyViolation
        case "23502": .notNullViolation
        case "23514": .checkViolation
        case "55P03": .busy
        case "57014": message.contains("due to statement timeout") ? .timeout : .cancelled
        // A transaction that may stay idle for so long only, and the whole that a session may use of the disk for a while.
        case "25P03": .timeout
        case "53400": .diskFull
        case "40P01": .deadlock
        case "40001": .serializationFailure
        case "25006": .readOnly
        case "53100": .diskFull
        case "53300": .tooManyConnections
        case "57P01", "57P02", "57P03", "57P04", "57P05", "3D000": .connection
        default: kind(ofClass: state.prefix(2))
        }
    }

    private static func kind(ofClass code: Substring) -> DatabaseError.Kind {
        switch code {
        case "08", "28": .connection
        case "22": .invalidValue
        case "42", "26", "0A", "3F": .statement
        default: .other
        }
    }

    /// The column that may not be null, with its table; other constraints are looked up.
    static func columns(of result: OpaquePointer) -> [String] {
        guard let table = field("t", of: result), let column = field("c", of: result) else { return [] }
        return ["\(table).\(column)"]
    }

    static func trimmed(_ message: String) -> String {
        var message = message[...]
        while message.last?.isNewline == true { message.removeLast() }
        return String(message)
    }
}
