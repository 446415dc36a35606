/// What is wrong with a filter or an order that came from outside as text.
///
/// ```json
/// {"detail": "The filter 'created_at__year' must be a whole number, but it is 'x'.", "field": "created_at__year", "rule": "integer"}
/// ```
///
/// In a view it becomes a response with status 400.
public struct LookupError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The filter or the order as it was given; cut where it is long.
    public let field: String

    /// What was asked of it: `unknown`, `not_allowed`, `unsupported` for what only another database can, or the name of a
    /// rule for values, such as `integer`.
    public let rule: String

    /// A sentence that names the field, the rule and what was found.
    public let description: String

    init(_ field: String, rule: String, _ description: String) {
        self.field = Self.shown(field)
        self.rule = rule
        self.description = description
    }

    /// A value that is not what its field takes.
    static func value(_ field: String, _ rule: String, _ wording: String, found: LookupValue) -> LookupError {
        LookupError(
            field, rule: rule, "The filter '\(shown(field))' must be \(wording), but it is \(found.shown).")
    }

    /// A part of a name that stands for nothing there.
    static func unknown(
        _ field: String, part: String, of place: String, alternatives: [String]
    ) -> LookupError {
        let nearest = NameDistance.nearest(to: part, among: alternatives)
        let question = nearest.map { " Did you mean '\($0)'?" } ?? ""
        let known = alternatives.sorted().joined(separator: ", ")
        return LookupError(
            field, rule: "unknown",
            "In '\(shown(field))' nothing of \(place) is called '\(shown(part))'.\(question) There is: \(known).")
    }

    /// A name that may not be used.
    static func notAllowed(_ field: String, allowed: [String]) -> LookupError {
        let nearest = NameDistance.nearest(to: field, among: allowed)
        let question = nearest.map { " Did you mean '\($0)'?" } ?? ""
        let known = allowed.isEmpty ? "none" : allowed.sorted().joined(separator: ", ")
        return LookupError(
            field, rule: "not_allowed", "'\(shown(field))' cannot be used here.\(question) Allowed: \(known).")
    }

    /// Refuses what PostgreSQL alone can find, where another database would be asked.
    static func checkPostgreSQL(_ field: String, _ part: String) throws(LookupError) {
        guard let dialect = Database.ambient?.database.dialect.name, dialect != "postgresql" else { return }
        throw LookupError(
            field, rule: "unsupported",
            "The filter '\(shown(field))' cannot be used here: '\(part)' is PostgreSQL's, and the database is \(dialect)."
        )
    }

    /// Text of a client, not at any length.
    static func shown(_ text: String) -> String {
        text.count > 80 ? text.prefix(80) + "…" : text
    }
}

/// How far apart names are, for "Did you mean".
enum NameDistance {
    /// The name that is most like another; `nil` where none is like it.
    static func nearest(to name: String, among names: [String]) -> String? {
        guard name.utf8.count <= 100 else { return nil }
        let near = names.map { (name: $0, distance: distance(Array(name.utf8), Array($0.utf8))) }
        guard let best = near.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
        return best.distance <= max(1, (name.utf8.count + 1) / 3) ? best.name : nil
    }

    /// How many letters must be added, removed or replaced (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (byte == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
