public import MartletJSON

extension Response {
    /// Makes a JSON response of a value.
    ///
    /// ```swift
    /// return try .json(["count": 2])
    /// return try .json(comment, status: .created)
    /// ```
    ///
    /// Moments are ISO 8601 with `Z`, UUIDs are in lower case, `Decimal` is a string: as Django REST framework writes them.
    ///
    /// - Parameters:
    ///   - value: What is encoded.
    ///   - status: 200 unless told.
    ///   - pretty: Whether it is laid out for people, with an indent of two spaces.
    /// - Throws: `JSONError` with the path, for a number that is not finite or a date outside the years 1 to 9999.
    public static func json(
        _ value: some Encodable, status: HTTPStatus = .ok, pretty: Bool = false
    ) throws(JSONError) -> Response {
        json(bytes: try JSON.encode(value), status: status, pretty: pretty)
    }

    /// Makes a JSON response of bytes that are JSON already, such as those of `JSON.object { … }`.
    ///
    /// - Parameters:
    ///   - bytes: What is sent.
    ///   - status: 200 unless told.
    ///   - pretty: Whether it is laid out for people, with an indent of two spaces.
    public static func json(bytes: [UInt8], status: HTTPStatus = .ok, pretty: Bool = false) -> Response {
        Response(content: pretty ? JSON.indented(bytes) : bytes, contentType: .json, status: status)
    }
}
