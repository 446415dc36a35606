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

    static let ordered: [Lookup] = [.exact, .in, .gt, .gte, .lt, .lte, .range, .isnull]
    static let textual: [Lookup] =
        ordered + [
            .iexact, .contains, .icontains, .startswith, .istartswith, .endswith, .iendswith, .regex, .iregex,
        ]
    static let document: [Lookup] =
        textual + [.containedBy, .hasKey, .hasKeys, .hasAnyKeys]
}
