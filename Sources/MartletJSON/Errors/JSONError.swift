/// Why bytes are not the JSON that was asked for, or a value cannot become JSON; and where.
///
/// ```text
/// expected ',' or '}' after a member, found 'x' (line 3, column 14, byte 57)
/// a Bool was expected, not a string (at $.tags[3].published)
/// ```
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of error it is.
    public let code: Code

    /// What was expected and what was found.
    public let message: String

    /// Where in the bytes, for what the parser refuses.
    public let position: Position?

    /// Where in the value, such as `$.tags[3].name`, for what cannot be decoded or encoded.
    public let path: String?

    package init(_ code: Code, _ message: String, position: Position? = nil, path: String? = nil) {
        self.code = code
        self.message = message
        self.position = position
        self.path = path
    }

    /// The message with its place.
    public var description: String {
        if let position { return "\(message) (\(position))" }
        if let path { return "\(message) (at \(path))" }
        return message
    }

    /// The kinds of error; more may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The bytes break the grammar of JSON.
        public static let syntax = Code("syntax")
        /// Text is not UTF-8, or has half of a surrogate pair.
        public static let invalidText = Code("invalid_text")
        /// An object names a member twice.
        public static let duplicateName = Code("duplicate_name")
        /// More nesting than ``JSONLimits/depth``.
        public static let tooDeep = Code("too_deep")
        /// More bytes than ``JSONLimits/bytes``.
        public static let tooLong = Code("too_long")
        /// A member that must be there is not.
        public static let missing = Code("missing")
        /// The value is of another type.
        public static let mismatch = Code("mismatch")
        /// The value is of the right type and still cannot be used: out of range, not a date, not a number.
        public static let invalidValue = Code("invalid_value")
    }

    /// A place in the bytes.
    public struct Position: Sendable, Hashable, CustomStringConvertible {
        /// How many bytes stand before it.
        public let offset: Int
        /// The line, from 1.
        public let line: Int
        /// The character of the line, from 1.
        public let column: Int

        /// `line 3, column 14, byte 57`
        public var description: String { "line \(line), column \(column), byte \(offset)" }

        /// Counts lines and characters up to `offset`; done only once there is an error to tell.
        init(offset: Int, in input: UnsafeBufferPointer<UInt8>) {
            var line = 1
            var column = 1
            for byte in input.prefix(offset) {
                if byte == 0x0A {
                    line += 1
                    column = 1
                } else if byte & 0xC0 != 0x80 {
                    column += 1
                }
            }
            self.offset = offset
            self.line = line
            self.column = column
        }
    }
}
