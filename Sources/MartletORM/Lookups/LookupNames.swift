/// Which filters and orders may be used: what a client sends must not reach fields that are not its affair.
///
/// ```swift
/// let names: LookupNames = ["status", "created_at__gte", "author__name__*"]
/// ```
///
/// A name allows itself; one that ends with `__*` allows the field and all its lookups. For orders a name stands without
/// its minus.
public struct LookupNames: Sendable, ExpressibleByArrayLiteral {
    /// `nil` allows everything.
    let names: [String]?

    private init(_ names: [String]?) {
        self.names = names
    }

    /// Allows the names and nothing else.
    public init(_ names: some Sequence<String>) {
        self.init(Array(names) as [String]?)
    }

    /// Allows the names and nothing else.
    public init(arrayLiteral names: String...) {
        self.init(names as [String]?)
    }

    /// Every field of every table that relations lead to: for names that come from code, not from clients, who could
    /// guess a password's hash letter by letter.
    public static let all = LookupNames(nil)

    func check(_ name: String) throws(LookupError) {
        guard let names else { return }
        let isAllowed = names.contains { allowed in
            guard allowed.hasSuffix("__*") else { return allowed == name }
            return name == allowed.dropLast(3) || name.hasPrefix(allowed.dropLast(1))
        }
        guard isAllowed else { throw .notAllowed(name, allowed: names) }
    }
}
