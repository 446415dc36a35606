/// Values that stand in the text of SQL, which only source code may put there: a query binds its values.
package enum SQLLiteral {
    /// A text in quotes; a quote inside is doubled.
    package static func text(_ text: String) -> String {
        "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }
}
