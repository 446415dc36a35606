import MartletORM

/// A filter by its name, and the rows that it finds; the rest is what excluding it leaves.
struct LookupCase: Sendable {
    let lookup: String
    let value: LookupValue
    let expected: String
    let zone: TimeZoneName

    init(_ lookup: String, _ value: LookupValue, _ expected: String, in zone: TimeZoneName = .utc) {
        self.lookup = lookup
        self.value = value
        self.expected = expected
        self.zone = zone
    }
}

/// A filter that is refused, and what is said.
struct LookupProblem: Sendable {
    let lookup: String
    let value: LookupValue
    let rule: String
    let message: String

    init(_ lookup: String, _ value: LookupValue, _ rule: String, _ message: String) {
        self.lookup = lookup
        self.value = value
        self.rule = rule
        self.message = message
    }
}
