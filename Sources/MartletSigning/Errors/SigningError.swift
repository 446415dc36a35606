/// Why nothing can be signed: a mistake of the program or its settings, never of a client.
public struct SigningError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake it is.
    public let code: Code

    /// What happened and what to do about it.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// The kinds of mistake; more may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// No keys are bound to the task, and none were given.
        public static let noKeys = Code("no_keys")
        /// A key has no bytes.
        public static let emptyKey = Code("empty_key")
        /// The separator could be part of a signature.
        public static let unsafeSeparator = Code("unsafe_separator")
        /// A moment that no time stamp can hold.
        public static let invalidTime = Code("invalid_time")
    }
}
