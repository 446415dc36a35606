/// Why bytes cannot be compressed or expanded; the bytes themselves stay out of the error.
public struct CompressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of error it is.
    public let code: Code

    /// What happened and what to do about it.
    public let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// The kinds of error; more may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The bytes are not in the format, or a checksum does not fit.
        public static let malformed = Code("malformed")
        /// The bytes end too early.
        public static let truncated = Code("truncated")
        /// The content is longer than the caller allows.
        public static let tooLong = Code("too_long")
        /// The library has no memory left, or refuses its parameters.
        public static let libraryFailed = Code("library_failed")
    }
}
