import CPostgreSQL
import MartletORM

/// What the server has said about a statement.
struct ServerError: Error {
    /// The five characters of SQLSTATE.
    let state: String
    let databaseError: DatabaseError

    init(_ result: OpaquePointer, sql: String?) {
        let state = PostgreSQLError.field("C", of: result) ?? ""
        self.state = state
        if PQresultStatus(result) == PGRES_EMPTY_QUERY {
            databaseError = DatabaseError(.statement, "The statement is empty.", sql: sql)
            return
        }
        // Without a state it is libpq's own error: the connection has gone.
        let message = PostgreSQLError.field("M", of: result) ?? String(cString: PQresultErrorMessage(result))
        databaseError = DatabaseError(
            state.isEmpty ? .connection : PostgreSQLError.kind(of: state), PostgreSQLError.trimmed(message),
            columns: PostgreSQLError.columns(of: result), constraint: PostgreSQLError.field("n", of: result), sql: sql)
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

    /// A field of an error, by the letter the protocol gives it.
    static func field(_ letter: Unicode.Scalar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }

    static func kind(of state: String) -> DatabaseError.Kind {
        switch state {
        case "23505", "23P01": .uniqueViolation
        case "23503": .foreignKeyViolation
        case "23502": .notNullViolation
        case "23514": .checkViolation
        case "55P03": .busy
        case "57014": .cancelled
        case "40P01": .deadlock
        case "40001": .serializationFailure
        case "25006": .readOnly
        case "53100": .diskFull
        case "53300", "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "3D000": .connection
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

    /// The columns of the violated constraint, with their table. A key's columns stand only in the detail, in front of
    /// its values: `Key (slug, year)=(a, 2026) already exists.`
    static func columns(of result: OpaquePointer) -> [String] {
        guard let table = field("t", of: result) else { return [] }
        if let column = field("c", of: result) { return ["\(table).\(column)"] }
        guard let detail = field("D", of: result), let start = detail.firstIndex(of: "("),
            let end = detail.firstRange(of: ")=(")
        else { return [] }
        let names = detail[detail.index(after: start)..<end.lowerBound].split(separator: ",")
        return names.map { "\(table).\($0.drop { $0 == " " })" }
    }

    static func trimmed(_ message: String) -> String {
        var message = message[...]
        while message.last?.isNewline == true { message.removeLast() }
        return String(message)
    }
}
