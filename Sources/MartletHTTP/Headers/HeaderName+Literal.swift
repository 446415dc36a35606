extension HeaderName {
    /// Makes a name from a literal, without an optional.
    ///
    /// ```swift
    /// extension HeaderName {
    ///     static let xPoweredBy = HeaderName(literal: "X-Powered-By")
    /// }
    /// ```
    ///
    /// - Parameter literal: A token. Another literal stops the program the first time it runs: it is a mistake in the
    ///   source, and no input can cause it. For a name that is not a literal there is ``init(_:)``.
    public init(literal: StaticString) {
        let name = String(describing: literal)
        // A literal is fixed when the program is written, so this cannot depend on what a client sends.
        precondition(
            !name.isEmpty && name.utf8.allSatisfy(\.isTokenByte),
            "\(name.debugDescription) is not a header name. Use letters, digits and '-'.")
        self.init(unchecked: name)
    }
}
