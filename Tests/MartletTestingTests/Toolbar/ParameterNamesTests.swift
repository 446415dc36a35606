import Testing

@testable import MartletDebugging

/// Which columns the values of a statement are for.
@Suite struct ParameterNamesTests {
    static let statements: [(String, [[String]])] = [
        (#"SELECT 1"#, []),
        (#"SELECT * FROM "user" WHERE "user"."password" = $1 AND "user"."name" = $2"#, [["password"], ["name"]]),
        (
            #"SELECT * FROM "user" WHERE "user"."name" = ? AND "user"."token" IN (?, ?)"#,
            [["name"], ["token"], ["token"]]
        ),
        (#"UPDATE "user" SET "password" = ?, "name" = ? WHERE "id" = ?"#, [["password"], ["name"], ["id"]]),
        (
            #"INSERT INTO "user" ("name", "password") VALUES (?, ?), (?, ?)"#,
            [["name"], ["password"], ["name"], ["password"]]
        ),
        (
            #"INSERT INTO "user" ("name", "password") VALUES (UPPER($1), COALESCE($2, $3))"#,
            [["name"], ["password"], ["password"]]
        ),
        (
            #"INSERT INTO "user" ("name") VALUES ($1) ON CONFLICT ("name") DO UPDATE SET "password" = $2"#,
            [["name"], ["password"]]
        ),
        (#"INSERT INTO "user" ("name", "password") VALUES ($1, $2) RETURNING "id""#, [["name"], ["password"]]),
        (#"SELECT 'it''s ? $1' FROM t WHERE a = ?"#, [["a"]]),
        (#"SELECT * FROM t WHERE password = $1::text LIMIT $2"#, [["password"], ["LIMIT"]]),
        (#"SELECT * FROM t WHERE "a" = $1 OR "secret" = $1"#, [["a", "secret"]]),
        (#"SELECT ?"#, [[]]),
        (#"SELECT * FROM t WHERE a = "unclosed"#, []),
        ("$", []), ("?999999999999999999999", []), ("'", []), ("((((", []), ("))))?", [[]]), ("", []),
    ]

    @Test(arguments: statements)
    func `the name beside each placeholder is found`(_ sql: String, _ names: [[String]]) {
        let found = ParameterNames(sql)
        for (place, expected) in names.enumerated() { #expect(found[place] == Set(expected)) }
        #expect(found.names.keys.allSatisfy { $0 >= 0 })
    }
}
