/// Why bytes are no pickle that is read, or a value cannot become one.
public struct PickleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of error it is.
    public let code: Code

    /// What happened.
    public let message: String

    /// How many bytes stand before the instruction that is refused; `nil` where it is not one of them.
    public let offset: Int?

    init(_ code: Code, _ message: String, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    /// The message with its place.
    public var description: String { offset.map { "\(message) (at byte \($0))" } ?? message }

    /// The kinds of error; more may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The bytes break the rules of the format.
        public static let malformed = Code("malformed")
        /// The bytes end too early.
        public static let truncated = Code("truncated")
        /// The pickle is of another protocol than 2 to 5.
        public static let unknownProtocol = Code("unknown_protocol")
        /// The pickle wants to call a function or make an object, which could do anything, or has a type that is not
        /// read, such as a set.
        public static let refused = Code("refused")
        /// More nesting than ``PickleLimits/depth``.
        public static let tooDeep = Code("too_deep")
        /// More bytes or values than ``PickleLimits`` allow.
        public static let tooLong = Code("too_long")
        /// A value that the other side cannot have: a date outside the calendar, a number that is none.
        public static let invalidValue = Code("invalid_value")
    }
}
