import FoundationEssentials
import MartletORM
import Testing

/// A model with values that must be unique, alone and together.
struct BlogPage: Model {
    var id = UUID.v7()
    var slug = ""
    var title = ""
    var section: String?
    var position = 0
    var template = ""

    static let appLabel = "fields"
    static let table = Table<BlogPage>(
        .uuid(\.id, primaryKey: true),
        .slug(\.slug, unique: true),
        .char(\.title, maxLength: 20),
        .char(\.section, maxLength: 20),
        .integer(\.position),
        .filePath(\.template, in: "/usr/share", recursive: true, blank: true),
        uniqueTogether: [.fields(\.section, \.position)]
    )
}

@Suite(.models(BlogPage.self)) struct FullCleanTests {
    @Test func `a value that another row has is found before it is saved`() async throws {
        var page = try await BlogPage.objects.create(BlogPage(slug: "a", title: "A", section: "news", position: 1))
        try await page.fullClean()
        page.title = "B"
        try await page.fullClean()
        let same = BlogPage(slug: "a", title: "C", section: "news", position: 1)
        let error = await #expect(throws: ValidationError.self) { try await same.fullClean() }
        #expect(
            error?.problems == [
                .init(field: "slug", message: "Blog page with this Slug already exists.", code: "unique"),
                .init(
                    field: nil, message: "Blog page with this Section and Position already exists.",
                    code: "unique_together"),
            ])
    }

    @Test func `nulls are not the same, and a value that is not valid is not asked about`() async throws {
        try await BlogPage.objects.create(BlogPage(slug: "a", title: "A", position: 1))
        try await BlogPage(slug: "b", title: "B", position: 1).fullClean()
        let log = StatementLog()
        let error = await #expect(throws: ValidationError.self) {
            try await log.observing { try await BlogPage(slug: "not a slug", title: "", position: 1).fullClean() }
        }
        #expect(error?.messages.keys.sorted() == ["slug", "title"])
        #expect(log.statements.isEmpty)
    }

    @Test(arguments: ["'; DROP TABLE x--", "%", "_", "\\", "\u{0}", "😀", "\"", "a\u{0}b"])
    func `hostile values are asked about as they are, and stop nothing`(_ text: String) async throws {
        try await BlogPage.objects.create(BlogPage(slug: "x", title: "A", section: "other", position: 1))
        let page = BlogPage(slug: "y", title: "A", section: text, position: 1)
        if text.utf8.contains(0) {
            let error = await #expect(throws: ValidationError.self) { try await page.fullClean() }
            #expect(error?.messages == ["section": ["Null characters are not allowed."]])
        } else {
            try await page.fullClean()
            try await BlogPage.objects.create(page)
            #expect(try await BlogPage.objects.filter { $0.section == text }.count() == 1)
        }
        #expect(try await BlogPage.objects.count() > 0)
    }

    @Test func `the path of a file must lead to one in its folder`() async throws {
        func page(_ path: String) -> BlogPage { BlogPage(slug: "a", title: "A", template: path) }
        try await page("").fullClean()
        for path in [
            "/usr/share/../../etc/passwd", "/etc/passwd", "/usr/share/", "/usr/share/no/such/file", "/usr/share/doc",
            "/usr/share\0", "passwd",
        ] {
            let error = await #expect(throws: ValidationError.self) { try await page(path).fullClean() }
            #expect(error?.messages["template"]?.contains("Value '\(path)' is not a valid choice.") == true)
        }
    }
}
