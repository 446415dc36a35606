/// Pieces of SQL.
enum SQLPieces {
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
