extension JSON {
    /// Reads a value of a type from JSON.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - bytes: UTF-8.
    ///   - limits: How much is read.
    /// - Throws: ``JSONError`` with the place in the bytes where they are no JSON, or the path in the value,
    ///   such as `$.tags[3].name`, where it is not of the type.
    public static func decode<T: Decodable>(
        _ type: T.Type, from bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(JSONError) -> T {
        try decode(type, from: try parse(bytes, limits: limits))
    }

    /// Reads a value of a type from a JSON value; see ``decode(_:from:limits:)``.
    ///
    /// - Throws: ``JSONError`` with the path.
    public static func decode<T: Decodable>(_ type: T.Type, from value: JSONValue) throws(JSONError) -> T {
        do {
            return try ValueDecoder(value).decode(type)
        } catch let error as DecodingError {
            throw JSONError(error)
        } catch let error as JSONError {
            throw error
        } catch {
            throw JSONError(.invalidValue, "\(error)")
        }
    }

    /// The bytes of a value.
    ///
    /// A value that encodes nothing is `{}`.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - asciiOnly: Whether to write `\uXXXX` for what is not ASCII.
    /// - Throws: ``JSONError`` with the path, for a number that is not finite, a date outside the years 1 to 9999, or
    ///   whatever the value's own `encode(to:)` throws.
    public static func encode(_ value: some Encodable, asciiOnly: Bool = false) throws(JSONError) -> [UInt8] {
        do {
            let buffer = EncodingBuffer(asciiOnly: asciiOnly)
            try buffer.encode(value, at: nil)
            return buffer.finish()
        } catch let error as EncodingError {
            throw JSONError(error)
        } catch let error as JSONError {
            throw error
        } catch {
            throw JSONError(.invalidValue, "\(error)")
        }
    }
}

extension JSONError {
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(.missing, "a value is missing", path: CodingPath.text(context.codingPath + [key]))
        case .typeMismatch(_, let context):
            self.init(.mismatch, context.debugDescription, path: CodingPath.text(context.codingPath))
        case .valueNotFound(_, let context):
            self.init(.mismatch, context.debugDescription, path: CodingPath.text(context.codingPath))
        case .dataCorrupted(let context):
            self.init(.invalidValue, context.debugDescription, path: CodingPath.text(context.codingPath))
        @unknown default:
            self.init(.invalidValue, "\(error)")
        }
    }

    init(_ error: EncodingError) {
        guard case .invalidValue(_, let context) = error else {
            self.init(.invalidValue, "\(error)")
            return
        }
        self.init(.invalidValue, context.debugDescription, path: CodingPath.text(context.codingPath))
    }
}
