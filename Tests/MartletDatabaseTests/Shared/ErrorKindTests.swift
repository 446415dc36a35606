import FoundationEssentials
import MartletORM
import Testing

/// Errors have the same kinds on both databases.
@Suite(.library) struct ErrorKindTests {
    struct KindCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let kind: DatabaseError.Kind
        var columns: [String] = []
        var constraint: String?
        /// What SQLite does not tell.
        var onlyPostgreSQL = false
    }

    static let cases = [
        KindCase(
            testDescription: "unique", sql: "INSERT INTO rule VALUES (1, 'x', 'x', 5, NULL)", kind: .uniqueViolation,
            columns: ["rule.id"]),
        KindCase(
            testDescription: "unique over two columns", sql: "INSERT INTO rule VALUES (2, 'a', 'b', 5, NULL)",
            kind: .uniqueViolation, columns: ["rule.first", "rule.last"]),
        KindCase(
            testDescription: "not null", sql: "INSERT INTO rule VALUES (2, NULL, 'x', 5, NULL)",
            kind: .notNullViolation, columns: ["rule.first"]),
        KindCase(
            testDescription: "check", sql: "INSERT INTO rule VALUES (2, 'x', 'x', -1, NULL)", kind: .checkViolation,
            constraint: "few_stars"),
        KindCase(
            testDescription: "foreign key", sql: "INSERT INTO rule VALUES (2, 'x', 'x', 5, 9)",
            kind: .foreignKeyViolation, columns: ["rule.parent"], onlyPostgreSQL: true),
        KindCase(
            testDescription: "foreign key of a row that is deleted", sql: "DELETE FROM rule WHERE id = 1",
            kind: .foreignKeyViolation, columns: ["rule.parent"], onlyPostgreSQL: true),
        KindCase(testDescription: "no such column", sql: "UPDATE rule SET nothing = 1", kind: .statement),
        KindCase(testDescription: "no SQL", sql: "SELEKT 1", kind: .statement),
    ]

    private func prepare() async throws {
        let database = try Database.current
        try await database.execute(
            Statement(
                """
                CREATE TABLE rule (id integer NOT NULL PRIMARY KEY, first varchar(20) NOT NULL, last varchar(20) NOT NULL,
                stars integer NOT NULL CONSTRAINT few_stars CHECK (stars >= 0), parent integer REFERENCES rule (id),
                UNIQUE (first, last))
                """))
        try await database.execute(Statement("INSERT INTO rule VALUES (1, 'a', 'b', 5, NULL)"))
        try await database.execute(Statement("INSERT INTO rule VALUES (7, 'c', 'd', 5, 1)"))
    }

    @Test(arguments: cases)
    func `an error has its kind, its columns and its constraint`(_ example: KindCase) async throws {
        try await prepare()
        let database = try Database.current
        for isInTransaction in [false, true] {
            let error = await #expect(throws: DatabaseError.self) {
                if isInTransaction {
                    try await transaction { try await database.execute(Statement(example.sql)) }
                } else {
                    try await database.execute(Statement(example.sql))
                }
            }
            #expect(error?.kind == example.kind)
            #expect(error?.code?.isEmpty == false)
            if database.dialect.name == "postgresql" || !example.onlyPostgreSQL {
                let columns = error?.columns ?? []
                // PostgreSQL also knows the columns of a check.
                #expect(columns == example.columns || example.kind == .checkViolation && columns == ["rule.stars"])
            }
            if let constraint = example.constraint { #expect(error?.constraint == constraint) }
        }
        let rows = try await database.rows(Statement("SELECT count(*) FROM rule")) { try $0.integer(at: 0) }
        #expect(rows == [2])
    }

    @Test func `the error of a query in a pipeline is the one it would have alone`() async throws {
        try await prepare()
        let database = try Database.current
        let results = try await database.pipeline(Self.cases.map { Statement($0.sql) })
        for (example, result) in zip(Self.cases, results) {
            let error = #expect(throws: DatabaseError.self) { try result.get() }
            #expect(error?.kind == example.kind)
        }
    }

    @Test func `in a transaction nothing behind an error is run`() async throws {
        try await prepare()
        let database = try Database.current
        _ = try? await transaction {
            let results = try await database.pipeline([
                Statement("UPDATE rule SET stars = 1"), Statement("UPDATE rule SET stars = -1"),
                Statement("UPDATE rule SET stars = 2"),
            ])
            #expect(throws: DatabaseError.self) { try results[1].get() }
            let last = #expect(throws: DatabaseError.self) { try results[2].get() }
            #expect(last?.message.hasPrefix("It was not run") == true)
            throw CancellationError()
        }
        let stars = try await database.rows(Statement("SELECT DISTINCT stars FROM rule")) { try $0.integer(at: 0) }
        #expect(stars == [5])
    }
}
