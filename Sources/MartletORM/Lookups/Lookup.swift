/// What a value is compared with a column by: the last part of `author__name__icontains`.
///
/// Source: [Django, field lookups](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#field-lookups).
enum Lookup: String, CaseIterable {
    case exact, iexact, contains, icontains
    case `in`, gt, gte, lt, lte
    case startswith, istartswith, endswith, iendswith
    case range, isnull, regex, iregex
    case containedBy = "contained_by"
    case hasKey = "has_key"
    case hasKeys = "has_keys"
    case hasAnyKeys = "has_any_keys"
    case overlap
    case fullyLess = "fully_lt"
    case fullyGreater = "fully_gt"
    case notLess = "not_lt"
    case notGreater = "not_gt"
    case adjacentTo = "adjacent_to"
    case search
    case trigramSimilar = "trigram_similar"
    case trigramWordSimilar = "trigram_word_similar"
    case trigramStrictWordSimilar = "trigram_strict_word_similar"

    /// The comparison, where it is one.
    var comparison: Comparison? {
        switch self {
        case .exact: .equal
        case .gt: .greater
        case .gte: .greaterOrEqual
        case .lt: .less
        case .lte: .lessOrEqual
        default: nil
        }
    }

    /// The test of text, where it is one.
    var textTest: TextTest? {
        switch self {
        case .iexact: .iexact
        case .contains: .contains
        case .icontains: .icontains
        case .startswith: .startsWith
        case .istartswith: .istartsWith
        case .endswith: .endsWith
        case .iendswith: .iendsWith
        default: nil
        }
    }

    /// The operator of PostgreSQL's that two arrays, two ranges or two texts are compared by, where there is one.
    var sign: String? {
        switch self {
        case .contains: "@>"
        case .containedBy: "<@"
        case .overlap: "&&"
        case .fullyLess: "<<"
        case .fullyGreater: ">>"
        case .notGreater: "&<"
        case .notLess: "&>"
        case .adjacentTo: "-|-"
        case .trigramSimilar: "%"
        case .trigramWordSimilar: "%>"
        case .trigramStrictWordSimilar: "%>>"
        default: nil
        }
    }

    static let ordered: [Lookup] = [.exact, .in, .gt, .gte, .lt, .lte, .range, .isnull]
    /// Of values that lie on a line, and so in ranges.
    static let linear: [Lookup] = ordered + [.containedBy]
    /// The tests of a value's text.
    static let texts: [Lookup] = [.iexact, .contains, .icontains, .startswith, .istartswith, .endswith, .iendswith]
    static let patterns: [Lookup] = [.regex, .iregex]
    /// What PostgreSQL alone finds in texts.
    static let searches: [Lookup] = [.search, .trigramSimilar, .trigramWordSimilar, .trigramStrictWordSimilar]
    static let textual: [Lookup] = ordered + texts + patterns + searches
    static let document: [Lookup] =
        ordered + texts + patterns + [.containedBy, .hasKey, .hasKeys, .hasAnyKeys]
    static let array: [Lookup] = [.exact, .in, .gt, .gte, .lt, .lte, .isnull, .contains, .containedBy, .overlap]
    static let ofRanges: [Lookup] =
        array + [.fullyLess, .fullyGreater, .notLess, .notGreater, .adjacentTo]
}
