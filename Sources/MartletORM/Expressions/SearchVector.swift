/// The words of a text as full-text search knows them: what a search vector field holds.
///
/// The database makes it, best in a generated column; here it is only read.
///
/// ```swift
/// .searchVector(\.words).generated {
///     $0.title.searchVector(language: "english", weight: .a) + $0.body.searchVector(language: "english")
/// }
/// ```
///
/// Source: [Django, full text search](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/).
public struct SearchVector: Sendable, Hashable, SearchVectorValue {
    /// PostgreSQL's text form, such as `'bird':2 'swift':1A`.
    public let text: String

    /// A vector without words; what a new model holds until the database has made its own.
    public init() { text = "" }

    init(text: String) { self.text = text }

    /// The text form.
    public var sqlValue: SQLValue { .text(text) }

    /// Reads the text form.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> SearchVector {
        SearchVector(text: try row.text(at: index))
    }
}

/// A search vector, or an optional one.
public protocol SearchVectorValue: FieldValue {}
extension Optional: SearchVectorValue where Wrapped: SearchVectorValue {}

/// How much the words of a part of a document count: ``a`` most, ``d`` least.
public enum SearchWeight: String, Sendable, Hashable {
    /// A title, say: 1.0 unless told.
    case a = "A"
    /// 0.4 unless told.
    case b = "B"
    /// 0.2 unless told.
    case c = "C"
    /// What has no weight: 0.1 unless told.
    case d = "D"
}

extension Expr where V: TextValue {
    /// The words of the text; a null has none.
    ///
    /// - Parameters:
    ///   - language: PostgreSQL's configuration, such as `english`; `simple` takes words as they are. Indexes and
    ///     generated columns need it said, because the database's own may change.
    ///   - weight: How much the words count.
    public func searchVector(language: String = "simple", weight: SearchWeight? = nil) -> Expr<SearchVector> {
        let vector = SQLExpression.call(SearchFunction.vector, [.value(.text(language)), sql])
        guard let weight else { return Expr<SearchVector>(vector) }
        return Expr<SearchVector>(.call(SearchFunction.weighted(weight), [vector]))
    }

    /// Has the words that are searched for, in any order (`search`).
    ///
    /// It reads every text; a search vector field with a GIN index does not.
    public func search(_ words: String, language: String = "simple") -> Condition {
        searchVector(language: language).matches(.plain(words, language: language))
    }

    /// The part of the text with the words that are searched for, marked.
    ///
    /// The result is text with marks in it, and not escaped for HTML.
    ///
    /// - Parameters:
    ///   - query: What is searched for.
    ///   - language: PostgreSQL's configuration of the text.
    ///   - start: What stands in front of a word.
    ///   - stop: What stands behind a word.
    ///   - maximumWords: The longest part, in words.
    ///   - minimumWords: The shortest part, in words.
    public func headline(
        _ query: SearchQuery, language: String = "simple", start: String = "<b>", stop: String = "</b>",
        maximumWords: Int = 35, minimumWords: Int = 15
    ) -> Expr<String> {
        let marks = [("StartSel", start), ("StopSel", stop)].map { "\($0)=\(SearchFunction.quotedOption($1))" }
        let options = marks + ["MaxWords=\(maximumWords)", "MinWords=\(minimumWords)"]
        return Expr<String>(
            .call(
                SearchFunction.headline,
                [.value(.text(language)), sql, query.sql, .value(.text(options.joined(separator: ", ")))]))
    }
}

extension Expr where V: SearchVectorValue {
    /// Has what is searched for.
    public func matches(_ query: SearchQuery) -> Condition { Condition(.call(.infix("@@"), [sql, query.sql])) }

    /// How well it matches: larger is better (`SearchRank`).
    ///
    /// - Parameters:
    ///   - query: What is searched for.
    ///   - isCoverDensity: Whether words that stand close together count more.
    ///   - normalization: PostgreSQL's bits for how much the length of a document counts; 0 for not at all.
    public func rank(_ query: SearchQuery, isCoverDensity: Bool = false, normalization: Int = 0) -> Expr<Double> {
        let function = isCoverDensity ? SearchFunction.coverDensity : SearchFunction.rank
        return Expr<Double>(.call(function, [sql, query.sql, .value(.integer(Int64(normalization)))]))
    }
}

/// The words of both.
public func + (left: Expr<SearchVector>, right: Expr<SearchVector>) -> Expr<SearchVector> {
    Expr<SearchVector>(.call(SearchFunction.joined, [left.sql, right.sql]))
}

enum SearchFunction {
    static let vector = SQLFunction("search_vector") {
        "to_tsvector(CAST(\($0[0]) AS regconfig), coalesce(\($0[1]), ''))"
    }

    static let joined = SQLFunction("search_vector_join") { "(\($0[0]) || \($0[1]))" }

    static let rank = SQLFunction("ts_rank") { "ts_rank(\($0[0]), \($0[1]), CAST(\($0[2]) AS integer))" }

    static let coverDensity = SQLFunction("ts_rank_cd") {
        "ts_rank_cd(\($0[0]), \($0[1]), CAST(\($0[2]) AS integer))"
    }

    static let headline = SQLFunction("ts_headline") {
        "ts_headline(CAST(\($0[0]) AS regconfig), coalesce(\($0[1]), ''), \($0[2]), \($0[3]))"
    }

    static func weighted(_ weight: SearchWeight) -> SQLFunction {
        SQLFunction("setweight_\(weight.rawValue)") { "setweight(\($0[0]), '\(weight.rawValue)')" }
    }

    /// A value in the list of options of `ts_headline`, whose parser knows quotes and doubles them inside.
    static func quotedOption(_ text: String) -> String { SQLLiteral.quoted(text, "\"") }
}
