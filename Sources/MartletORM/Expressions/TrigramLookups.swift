// How alike two texts are, by the groups of three letters that they share. PostgreSQL with the extension `pg_trgm`.
//
// Source: [Django, trigram similarity](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/lookups/#trigram-similarity),
// [PostgreSQL, pg_trgm](https://www.postgresql.org/docs/current/pgtrgm.html).

extension Expr where V: TextValue {
    /// How alike the texts are: 1 for equal ones, 0 for none in common.
    public func similarity(to text: String) -> Expr<Double> { number("similarity", [sql, .value(.text(text))]) }

    /// How alike the text is to the most alike part of this one.
    public func wordSimilarity(to text: String) -> Expr<Double> {
        number("word_similarity", [.value(.text(text)), sql])
    }

    /// As ``wordSimilarity(to:)``, with whole words only.
    public func strictWordSimilarity(to text: String) -> Expr<Double> {
        number("strict_word_similarity", [.value(.text(text)), sql])
    }

    /// How little alike the texts are: 0 for equal ones. A GiST index finds the nearest.
    public func trigramDistance(to text: String) -> Expr<Double> {
        Expr<Double>(.call(SQLFunction("<->") { "(\($0[0]) <-> \($0[1]))" }, [sql, .value(.text(text))]))
    }

    /// More alike than the database's threshold, 0.3 unless told (`trigram_similar`). A GIN index helps.
    public func isSimilar(to text: String) -> Condition { test("%", text) }

    /// A part is more alike than the threshold (`trigram_word_similar`).
    public func hasSimilarWord(to text: String) -> Condition { test("%>", text) }

    /// Whole words are more alike than the threshold (`trigram_strict_word_similar`).
    public func hasStrictlySimilarWord(to text: String) -> Condition { test("%>>", text) }

    /// The text without accents; needs the extension `unaccent`.
    public var unaccented: Expr<V> { Expr(.call(.unaccent, [sql])) }

    private func number(_ name: String, _ arguments: [SQLExpression]) -> Expr<Double> {
        Expr<Double>(.call(SQLFunction(name), arguments))
    }

    private func test(_ sign: String, _ text: String) -> Condition {
        Condition(.call(.infix(sign), [sql, .value(.text(text))]))
    }
}

extension SQLFunction {
    static let unaccent = SQLFunction("unaccent")
}
