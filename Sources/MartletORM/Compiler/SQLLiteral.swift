/// Values that stand in the text of SQL, which only source code may put there: a query binds its values.
package enum SQLLiteral {
    /// A text in quotes; a quote inside is doubled.
    package static func text(_ text: String) -> String { quoted(text, "'") }

    /// A text between two quotes; a quote inside is doubled.
    ///
    /// By scalars: with a combining mark behind it, a quote is not a `Character` of its own.
    static func quoted(_ text: String, _ quote: Unicode.Scalar) -> String {
        var literal = String.UnicodeScalarView()
        literal.append(quote)
        for scalar in text.unicodeScalars {
            if scalar == quote { literal.append(quote) }
            literal.append(scalar)
        }
        literal.append(quote)
        return String(literal)
    }
}
