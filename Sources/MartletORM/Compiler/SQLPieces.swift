/// Pieces of SQL.
enum SQLPieces {
    /// Operands with a word between each two, as a balanced tree: `((a OR b) OR (c OR d))`.
    ///
    /// A tree of n operands is as deep as the logarithm of n. SQLite's parser overflows behind about a hundred
    /// parentheses, and without any a chain of more than a thousand operands is deeper than it takes expressions.
    static func balanced(_ word: String, _ operands: ArraySlice<String>) -> String {
        guard operands.count > 1 else { return operands.first ?? "" }
        let middle = operands.startIndex + (operands.count + 1) / 2
        return joined(
            "(", balanced(word, operands[..<middle]), word, balanced(word, operands[middle...]), ")")
    }

    /// Two operands with a word between them: `(a AND b)`.
    ///
    /// Made in one piece; an interpolation makes room for it several times, and the text of a filter is joined once for
    /// each term.
    static func joined(
        _ opening: String, _ left: String, _ word: String, _ right: String, _ closing: String
    ) -> String {
        var text = ""
        text.reserveCapacity(
            left.utf8.count + right.utf8.count + word.utf8.count + opening.utf8.count + closing.utf8.count + 2)
        text += opening
        text += left
        text += " "
        text += word
        text += " "
        text += right
        text += closing
        return text
    }
}
