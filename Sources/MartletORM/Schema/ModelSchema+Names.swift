extension ModelSchema {
    /// The names that a database would refuse, end early, or cut in silence.
    ///
    /// Every other name is one: it stands in quotes wherever it reaches SQL.
    var nameProblems: [String] {
        let columns = fields.filter(\.kind.hasColumn).map { (kind: "column", name: $0.column) }
        let rules =
            indexes.map { (kind: "index", name: $0.name) } + constraints.map { (kind: "constraint", name: $0.name) }
        return ([(kind: "table", name: table)] + columns + rules).compactMap { Self.problem(of: $0.kind, $0.name) }
    }

    private static func problem(of kind: String, _ name: String) -> String? {
        if name.utf8.contains(0) {
            return "The name of the \(kind) '\(name.replacing("\u{0}", with: "\\0"))' has a null character (U+0000), "
                + "at which a database would end it. Leave that out."
        }
        guard name.utf8.count > ConstraintName.maximumLength else { return nil }
        return "The name of the \(kind) '\(name.prefix(80))' has \(name.utf8.count) bytes. PostgreSQL keeps "
            + "\(ConstraintName.maximumLength) and cuts the rest in silence. Give it a shorter one."
    }
}
