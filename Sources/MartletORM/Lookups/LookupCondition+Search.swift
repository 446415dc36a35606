extension LookupCondition {
    /// A search for words, or for a text that is alike.
    func searchCondition(_ lookup: Lookup, _ place: LookupPlace) throws(LookupError) -> SQLExpression {
        try LookupError.checkPostgreSQL(name, lookup.rawValue)
        let words = try text()
        if let sign = lookup.sign { return .call(.infix(sign), [place.expression, .value(.text(words))]) }
        let query = SearchQuery.plain(words, language: place.language).sql
        if case .searchVector = place.type { return .call(.infix("@@"), [place.expression, query]) }
        let vector = SQLExpression.call(SearchFunction.vector, [.value(.text(place.language)), place.expression])
        return .call(.infix("@@"), [vector, query])
    }
}

extension SearchVector {
    /// PostgreSQL's configuration that takes words as they are.
    static let plainLanguage = "simple"
}

extension SchemaExpression {
    /// The language that a generated search vector is made in: the first one, where there are several.
    var searchLanguage: String? {
        switch self {
        case .function(let name, _, let arguments):
            if name == SearchFunction.vector.name, case .value(.text(let language))? = arguments.first {
                return language
            }
            return arguments.lazy.compactMap(\.searchLanguage).first
        case .binary(_, let left, let right): return left.searchLanguage ?? right.searchLanguage
        default: return nil
        }
    }
}

extension LookupType {
    /// A value as the text that tests of text are about.
    func text(of expression: SQLExpression) -> SQLExpression {
        switch self {
        case .uuid: .call(.uuidText, [expression])
        case .address: .call(.addressText, [expression])
        default: expression
        }
    }
}

extension SQLFunction {
    /// 32 digits, as SQLite stores them.
    fileprivate static let uuidText = SQLFunction("text of uuid") { "REPLACE(CAST(\($0[0]) AS text), '-', '')" }
    /// Without the length of the network, which PostgreSQL would add.
    fileprivate static let addressText = SQLFunction("text of address") { "HOST(\($0[0]))" }
}
