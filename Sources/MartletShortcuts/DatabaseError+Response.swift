public import MartletHTTP
public import MartletORM

extension DatabaseError: HTTPResponseConvertible {
    /// Text with a null character can only come from a client: PostgreSQL cannot keep it, and nobody types it.
    public var httpError: HTTPError? {
        guard kind == .invalidValue, code == DatabaseError.nullCharacter else { return nil }
        return HTTPError(.badRequest, "Null characters are not allowed.")
    }
}
