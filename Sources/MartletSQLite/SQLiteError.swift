import CSQLite
import MartletORM

/// Turns SQLite's result codes into the kinds that all databases share.
///
/// Source: [Result and error codes](https://www.sqlite.org/rescode.html).
enum SQLiteError {
    static func current(_ handle: OpaquePointer, sql: String) -> DatabaseError {
        let message = String(cString: sqlite3_errmsg(handle))
        let code = sqlite3_extended_errcode(handle)
        return DatabaseError(
            kind(of: code), message, columns: columns(in: message), constraint: constraint(in: message), sql: sql,
            code: "\(code)")
    }

    private static func kind(of code: Int32) -> DatabaseError.Kind {
        // Extended codes are macros of the form (SQLITE_CONSTRAINT | (n << 8)), which Swift does not import.
        switch (code & 0xFF, code >> 8) {
        case (SQLITE_CONSTRAINT, 8), (SQLITE_CONSTRAINT, 6), (SQLITE_CONSTRAINT, 10): .uniqueViolation
        case (SQLITE_CONSTRAINT, 3): .foreignKeyViolation
        case (SQLITE_CONSTRAINT, 5): .notNullViolation
        case (SQLITE_CONSTRAINT, 1): .checkViolation
        // A snapshot that others have written past: what PostgreSQL calls a serialization failure.
        case (SQLITE_BUSY, 2): .serializationFailure
        case (SQLITE_BUSY, _), (SQLITE_LOCKED, _): .busy
        case (SQLITE_INTERRUPT, _): .cancelled
        case (SQLITE_CANTOPEN, _), (SQLITE_NOTADB, _), (SQLITE_CORRUPT, _), (SQLITE_IOERR, _): .connection
        case (SQLITE_READONLY, _): .readOnly
        case (SQLITE_FULL, _): .diskFull
        case (SQLITE_MISMATCH, _): .invalidValue
        case (SQLITE_ERROR, _), (SQLITE_RANGE, _), (SQLITE_TOOBIG, _): .statement
        default: .other
        }
    }

    /// `CHECK constraint failed: age_positive` and `UNIQUE constraint failed: index 'one_name'` name the constraint; a
    /// check without a name tells its expression, which is none.
    private static func constraint(in message: String) -> String? {
        if let range = message.firstRange(of: "UNIQUE constraint failed: index '"), message.hasSuffix("'") {
            return String(message[range.upperBound...].dropLast())
        }
        guard let range = message.firstRange(of: "CHECK constraint failed: ") else { return nil }
        let name = message[range.upperBound...]
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? String(name) : nil
    }

    /// `UNIQUE constraint failed: blog_post.slug, blog_post.year` names the columns.
    private static func columns(in message: String) -> [String] {
        guard let range = message.firstRange(of: " constraint failed: ") else { return [] }
        let names = message[range.upperBound...].split(separator: ",").map { String($0.drop { $0 == " " }) }
        // Names with blanks or commas in them cannot be told apart here; the models' are looked for later.
        return names.allSatisfy { $0.contains(".") && !$0.contains(" ") } ? names : []
    }
}
