/// What a full-text search looks for.
///
/// ```swift
/// let query = SearchQuery.websearch("swift -taylor", language: "english")
/// Post.objects.filter { $0.words.matches(query) }.order { $0.words.rank(query).descending }
/// ```
///
/// Source: [PostgreSQL, Parsing Queries](https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-PARSING-QUERIES).
public struct SearchQuery: Sendable {
    package let sql: SQLExpression

    private init(_ sql: SQLExpression) {
        self.sql = sql
    }

    /// All of the words, in any order.
    public static func plain(_ words: String, language: String = "simple") -> SearchQuery {
        make("plainto_tsquery", words, language)
    }

    /// The words one after the other.
    public static func phrase(_ words: String, language: String = "simple") -> SearchQuery {
        make("phraseto_tsquery", words, language)
    }

    /// What people type into search engines: `"in quotes"`, `or`, `-without`; no text is an error.
    public static func websearch(_ text: String, language: String = "simple") -> SearchQuery {
        make("websearch_to_tsquery", text, language)
    }

    /// PostgreSQL's own form, `swift & !taylor`; a text that is none is an error of the database.
    public static func raw(_ text: String, language: String = "simple") -> SearchQuery {
        make("to_tsquery", text, language)
    }

    private static func make(_ function: String, _ text: String, _ language: String) -> SearchQuery {
        let call = SQLFunction(function) { "\(function)(CAST(\($0[0]) AS regconfig), \($0[1]))" }
        return SearchQuery(.call(call, [.value(.text(language)), .value(.text(text))]))
    }

    /// Both.
    public static func && (left: SearchQuery, right: SearchQuery) -> SearchQuery { join("&&", left, right) }

    /// One of them, or both.
    public static func || (left: SearchQuery, right: SearchQuery) -> SearchQuery { join("||", left, right) }

    /// Not this.
    public static prefix func ! (query: SearchQuery) -> SearchQuery {
        SearchQuery(.call(SQLFunction("search_not") { "(!! \($0[0]))" }, [query.sql]))
    }

    private static func join(_ sign: String, _ left: SearchQuery, _ right: SearchQuery) -> SearchQuery {
        let call = SQLFunction("search_\(sign)") { "(\($0[0]) \(sign) \($0[1]))" }
        return SearchQuery(.call(call, [left.sql, right.sql]))
    }
}
