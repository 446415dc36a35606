/// A rule of the database that a row would break.
public struct ConstraintViolation: Sendable, Hashable {
    /// The constraint's name; `nil` for a single field that is unique.
    public let constraint: String?

    /// The fields it is about, in snake_case.
    public let fields: [String]

    /// Django's word for the kind of error: `unique`, `unique_together`, `invalid` or the like.
    public let code: String

    /// What a person is told.
    public let message: String
}

/// Rules of the database that a row would break, found before it is written.
public struct ConstraintViolations: Error, Sendable, CustomStringConvertible {
    /// The rules, in the order of the table's description.
    public let violations: [ConstraintViolation]

    /// The messages, one after the other.
    public var description: String { violations.map(\.message).joined(separator: " ") }
}

extension Model {
    /// Refuses a row that would break a rule of the database, before it is written.
    ///
    /// Another writer may still come between the question and the writing; the database then reports it.
    ///
    /// - Parameter excluded: Fields that are not looked at; a rule that needs one of them is left out.
    /// - Throws: ``ConstraintViolations``; ``DatabaseError``.
    ///
    /// Source: [Django, `validate_constraints`](https://docs.djangoproject.com/en/5.2/ref/models/instances/#django.db.models.Model.validate_constraints).
    public func validateConstraints(excluding excluded: Set<String> = []) async throws {
        let violations = try await constraintViolations(excluding: excluded)
        if !violations.isEmpty { throw ConstraintViolations(violations: violations) }
    }

    /// The rules of the database that the row would break: unique fields and groups, checks, exclusions.
    ///
    /// One statement asks for all of them. A rule over a null is kept, as in SQL; the row itself, known by its primary
    /// key, is no other one.
    ///
    /// - Parameter excluded: Fields, in snake_case, that are not looked at; a rule that needs one is left out.
    public func constraintViolations(excluding excluded: Set<String> = []) async throws -> [ConstraintViolation] {
        let table = Self.table
        try table.erased.validate()
        let database = try Database.current
        let rules = table.erased.schema.validatedRules.filter { $0.fields.allSatisfy { !excluded.contains($0) } }
        let question = ConstraintQuestion(table.erased, values: table.encode(self), database.dialect)
        let asked = rules.compactMap { rule in question.sql(of: rule).map { (rule, $0) } }
        guard !asked.isEmpty else { return [] }
        let sql = "SELECT " + asked.map { "CASE WHEN \($0.1) THEN 1 ELSE 0 END" }.joined(separator: ", ")
        let statement = Statement(sql, question.parameters)
        let count = asked.count
        let rows = try await database.rows(statement) { row in
            try (0..<count).map { try row.integer(at: $0) == 1 }
        }
        let broken = rows.first ?? []
        return zip(asked, broken).filter(\.1).map { pair, _ in
            pair.0.violation(of: Self.modelName.name, message: pair.0.name.flatMap { table.constraintMessages[$0] })
        }
    }
}
