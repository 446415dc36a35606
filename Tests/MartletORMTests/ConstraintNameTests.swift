import MartletORM
import Testing

/// Names as Django 5.2 makes them; both must find the same constraint.
@Suite struct ConstraintNameTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let table: String
        let columns: [String]
        let suffix: String
        let name: String
    }

    static let examples = [
        Example(
            testDescription: "the index of a foreign key", table: "blog_post", columns: ["author_id"], suffix: "",
            name: "blog_post_author_id_dd7a8485"),
        Example(
            testDescription: "a foreign key constraint", table: "blog_post", columns: ["author_id"],
            suffix: "_fk_accounts_user_id", name: "blog_post_author_id_dd7a8485_fk_accounts_user_id"),
        Example(
            testDescription: "the unique pair of a many-to-many table", table: "blog_post_tags",
            columns: ["post_id", "tag_id"], suffix: "_uniq", name: "blog_post_tags_post_id_tag_id_4925ec37_uniq"),
    ]

    @Test(arguments: examples)
    func `constraints are named as Django names them`(_ example: Example) {
        #expect(
            ConstraintName.constraint(table: example.table, columns: example.columns, suffix: example.suffix)
                == example.name)
    }

    @Test func `a long name is cut to what PostgreSQL keeps`() {
        let name = ConstraintName.constraint(
            table: String(repeating: "t", count: 60), columns: [String(repeating: "c", count: 60)], suffix: "_uniq")
        #expect(name.count <= 63)
        #expect(name.hasSuffix("_uniq"))
    }

    @Test(arguments: [
        ("publishedOn", "published_on"), ("HTTPLog", "http_log"), ("id", "id"), ("userID", "user_id"),
        ("a1B", "a1_b"), ("already_snake", "already_snake"), ("Blog", "blog"), ("", ""),
    ])
    func `property names become column names`(_ property: String, _ column: String) {
        #expect(snakeCased(property) == column)
    }

    @Test func `a model's name is read from text with one dot`() {
        #expect(ModelName("blog.Post") == ModelName(app: "blog", name: "Post"))
        for text in ["blog", "blog.", ".Post", "a.b.c", ""] { #expect(ModelName(text) == nil, "\(text)") }
    }
}
