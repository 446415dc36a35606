/// Reading and writing JSON.
///
/// ```swift
/// let value = try JSON.parse(bytes)                     // any value
/// let post = try JSON.decode(Post.self, from: bytes)    // a Decodable type
/// let reply = try JSON.encode(post)                     // an Encodable value
/// let page = JSON.object { page in                      // bytes, member by member
///     page.field("count", 2)
///     page.array("results") { $0.element("one") }
/// }
/// ```
///
/// Dates are ISO 8601 with `Z`, and with microseconds where they are not zero; UUIDs are in lower case; `Data` is
/// base64; `Decimal` is a string. So Django REST framework writes them too.
public enum JSON {
    /// Reads one value of JSON, strictly: no comments, no trailing commas, no `NaN`, nothing after the value.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 without a byte order mark.
    ///   - limits: How much is read.
    /// - Throws: ``JSONError`` with the line, the column and what was expected there.
    ///
    /// Source: [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259).
    public static func parse(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { input throws(JSONError) in
            var parser = JSONParser(input, limits: limits)
            return try parser.document()
        }
    }

    /// Reads one value of JSON from text; see ``parse(_:limits:)``.
    ///
    /// - Throws: ``JSONError``.
    public static func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8), limits: limits)
    }
}
