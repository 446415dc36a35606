/// Something about a value that is legal, and hardly ever meant.
package struct ValueOddity: Sendable, Hashable {
    /// What it is, such as `ends with \r`.
    package let words: String

    /// The first one of a value; `nil` when it looks as values do.
    ///
    /// Shells take quotes away; `docker run --env-file` and systemd's drop-ins written by hand do not.
    package static func first(in value: String) -> ValueOddity? {
        let scalars = Array(value.unicodeScalars)
        guard let first = scalars.first, let last = scalars.last else { return nil }
        if last == "\r" { return ValueOddity(words: "ends with \\r") }
        if last == "\n" { return ValueOddity(words: "ends with \\n") }
        if first.properties.isWhitespace { return ValueOddity(words: "begins with a blank") }
        if last.properties.isWhitespace { return ValueOddity(words: "ends with a blank") }
        if scalars.count > 1, first == last, first == "\"" || first == "'" {
            return ValueOddity(words: "stands in quotes that are part of it")
        }
        if Self.typographic.contains(first) || Self.typographic.contains(last) {
            return ValueOddity(words: "stands in typographic quotes, which are part of it")
        }
        if scalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" }) {
            return ValueOddity(words: "has a control character in it")
        }
        if scalars.contains(where: { $0.properties.generalCategory == .format && !$0.properties.isJoinControl }) {
            return ValueOddity(words: "has an invisible character in it")
        }
        return nil
    }

    private static let typographic: Set<Unicode.Scalar> = ["\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}"]
}
