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
        Example(
            testDescription: "a unique group", table: "blog_post", columns: ["slug", "title"], suffix: "_uniq",
            name: "blog_post_slug_title_93f9cb16_uniq"),
        Example(
            testDescription: "the second index of a text", table: "blog_post", columns: ["slug"], suffix: "_like",
            name: "blog_post_slug_b95473f2_like"),
        Example(
            testDescription: "a check", table: "blog_post", columns: ["views"], suffix: "_check",
            name: "blog_post_views_5dcf1e62_check"),
        Example(
            testDescription: "a name that is cut", table: "a_very_long_table_name_for_a_model_in_some_app",
            columns: ["a_rather_long_column", "another_rather_long_column"], suffix: "_uniq",
            name: "a_very_long_table_name_f_a_rather_long_column_ano_69633063_uniq"),
        Example(
            testDescription: "a suffix that is cut", table: "a_very_long_table_name_for_a_model_in_some_app",
            columns: ["a_rather_long_column_id"], suffix: "_fk_another_very_long_table_name_for_a_model_id",
            name: "a_very_long_table_na_a_rather_long_column_a47edf9b_fk_another_v"),
        Example(
            testDescription: "a leading underscore stays where nothing is cut", table: "_x", columns: ["y"],
            suffix: "", name: "_x_y_6e0167be"),
    ]

    struct IndexExample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let table: String
        let fields: [String]
        let method: IndexMethod
        let name: String

        init(
            _ testDescription: String, _ fields: [String], _ method: IndexMethod = .btree,
            table: String = "blog_post", name: String
        ) {
            self.testDescription = testDescription
            self.table = table
            self.fields = fields
            self.method = method
            self.name = name
        }
    }

    // Made by `Index.set_name_with_model` of Django 5.2.19 and the suffixes of `django.contrib.postgres.indexes`.
    static let indexes = [
        IndexExample("two columns", ["status", "published_on"], name: "blog_post_status_f9588b_idx"),
        IndexExample("largest first", ["-published_on"], name: "blog_post_publish_80a593_idx"),
        IndexExample("mixed order", ["status", "-published_on"], name: "blog_post_status_986688_idx"),
        IndexExample("GIN", ["tags"], .gin, name: "blog_post_tags_84028f_gin"),
        IndexExample("GiST", ["during"], .gist, name: "blog_post_during_f702a0_gist"),
        IndexExample("BRIN", ["created_at"], .brin, name: "blog_post_created_d633e5_brin"),
        IndexExample("hash", ["slug"], .hash, name: "blog_post_slug_ecf541_hash"),
        IndexExample("SP-GiST", ["slug"], .spgist, name: "blog_post_slug_39c889_spgist"),
        IndexExample("bloom", ["a", "b"], .bloom, name: "blog_post_a_500fdd_bloom"),
        IndexExample("a leading underscore", ["x"], table: "_private", name: "Dprivate_x_fa3b06_idx"),
        IndexExample("a leading digit", ["x"], table: "1st", name: "Dst_x_3cf907_idx"),
        IndexExample(
            "long names", ["a_rather_long_column_name", "b"], table: "a_rather_long_table_name",
            name: "a_rather_lo_a_rathe_b580d5_idx"),
    ]

    @Test(arguments: indexes)
    func `indexes are named as Django names them`(_ example: IndexExample) {
        let index = IndexSchema(name: "", fields: example.fields, method: example.method)
        #expect(ConstraintName.index(index, table: example.table) { $0 } == example.name)
    }

    @Test func `indexes that Django leaves without a name get different ones`() {
        let indexes = [
            IndexSchema(name: "", fields: ["slug"]), IndexSchema(name: "", fields: ["slug"], where: F("a") == 1),
            IndexSchema(name: "", fields: ["slug"], where: F("a") == 2),
            IndexSchema(name: "", fields: ["slug"], operatorClasses: ["text_pattern_ops"]),
            IndexSchema(name: "", terms: [.init(Func("lower", F("slug")))]),
            IndexSchema(name: "", terms: [.init(Func("upper", F("slug")))]),
            IndexSchema(name: "", terms: [.init(Func("upper", F("slug")), descending: true)]),
        ]
        let names = indexes.map { ConstraintName.index($0, table: "blog_post") { $0 } }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.hasPrefix("blog_post_slug_") && $0.hasSuffix("_idx") && $0.count <= 30 })
    }

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
