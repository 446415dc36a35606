import MartletORM
import Testing

/// Texts of every kind of field come back as they were written, and are found by themselves.
@Suite(.models(TextSpecimen.self)) struct TextFieldTests {
    static let texts = [
        "", " ", "  both ends  ", "plain", "Ünïcödé", "e\u{301} is not é", "皇帝", "עברית", "👩‍👩‍👧", "\u{200B}", "\u{FEFF}x",
        "'; DROP TABLE fields_textspecimen; --", "\"", "\\", "\\'", "%_", "$1 ?1 {0}", "NULL", "null", "0", "true",
        "a\nb\r\n\tc", "\u{1}\u{7F}", "ann@example.org", "https://example.org/?q=%20#x",
        String(repeating: "y", count: 300),
        String(repeating: "😀", count: 300),
    ]

    private func columns(_ text: String) -> [(String, (Columns<TextSpecimen>) -> Condition)] {
        [
            ("char", { $0.title == text }), ("text", { $0.body == text }), ("slug", { $0.slug == text }),
            ("email", { $0.email == text }), ("url", { $0.homepage == text }),
            ("char, in", { $0.title.in([text, "other"]) }), ("optional char", { $0.maybeTitle == text }),
            ("optional text", { $0.maybeBody == text }), ("optional slug", { $0.maybeSlug == text }),
            ("optional email", { $0.maybeEmail == text }), ("optional url", { $0.maybeHomepage == text }),
            ("contains", { $0.body.contains(text) && $0.body.length() == text.unicodeScalars.count }),
        ]
    }

    @Test func `texts come back as they were written and are found`() async throws {
        try await TextSpecimen.objects.create(TextSpecimen("quite another one"))
        try await TextSpecimen.objects.create(TextSpecimen())
        for text in Self.texts where !text.isEmpty {
            let made = try await TextSpecimen.objects.create(TextSpecimen(text))
            let found = try await TextSpecimen.objects.get { $0.id == made.id }
            // By their scalars: equal texts of Swift can have other bytes.
            let scalars = Array(text.unicodeScalars)
            #expect(found.texts.allSatisfy { Array($0.unicodeScalars) == scalars }, "\(text)")
            #expect(found.optionals.allSatisfy { $0.map { Array($0.unicodeScalars) } == scalars }, "\(text)")
            for (name, condition) in columns(text) {
                let rows = try await TextSpecimen.objects.filter(condition).all().map(\.id)
                #expect(rows == [made.id], "\(name) of \(text)")
            }
        }
        #expect(try await TextSpecimen.objects.count() == Self.texts.count + 1)
    }

    @Test func `an empty text is no null, and both are found`() async throws {
        let none = try await TextSpecimen.objects.create(TextSpecimen())
        let empty = try await TextSpecimen.objects.create(TextSpecimen(""))
        #expect(try await TextSpecimen.objects.get { $0.id == none.id }.optionals == [nil, nil, nil, nil, nil])
        #expect(try await TextSpecimen.objects.get { $0.id == empty.id }.optionals == ["", "", "", "", ""])
        #expect(try await TextSpecimen.objects.filter { $0.maybeEmail == "" }.all().map(\.id) == [empty.id])
        #expect(try await TextSpecimen.objects.filter { $0.maybeEmail.isNull }.all().map(\.id) == [none.id])
        #expect(try await TextSpecimen.objects.filter { $0.title == "" }.count() == 2)
        #expect(try await TextSpecimen.objects.exclude { $0.maybeSlug == "" }.all().map(\.id) == [none.id])
    }

    @Test func `a text of a megabyte comes back whole, and one that is too long for its column is refused`()
        async throws
    {
        var long = TextSpecimen("x")
        long.body = String(repeating: "0123456789abcdé", count: 70_000)
        let made = try await TextSpecimen.objects.create(long)
        #expect(try await TextSpecimen.objects.get { $0.id == made.id }.body == long.body)
        let changes: [(String, WritableKeyPath<TextSpecimen, String>)] = [
            ("title", \.title), ("slug", \.slug), ("email", \.email), ("homepage", \.homepage),
        ]
        for (column, property) in changes {
            var wide = TextSpecimen("x")
            wide[keyPath: property] = String(repeating: "é", count: 301)
            let row = wide
            let error = await #expect(throws: DatabaseError.self) { try await TextSpecimen.objects.create(row) }
            #expect(error?.kind == .invalidValue && error?.columns == ["fields_textspecimen.\(column)"])
        }
        #expect(try await TextSpecimen.objects.count() == 1)
    }

    // PostgreSQL's texts have none; SQLite's have, and lose nothing behind it.
    @Test func `a zero byte is refused or comes back, in each kind of text, and never ends it`() async throws {
        for property in [
            \TextSpecimen.title, \.body, \.slug, \.email, \.homepage,
        ] as [WritableKeyPath<TextSpecimen, String>] {
            var odd = TextSpecimen("x")
            odd[keyPath: property] = "a\u{0}b"
            let row = odd
            if try isPostgreSQL() {
                let error = await #expect(throws: DatabaseError.self) { try await TextSpecimen.objects.create(row) }
                #expect(error?.kind == .invalidValue)
            } else {
                let made = try await TextSpecimen.objects.create(row)
                #expect(try await TextSpecimen.objects.get { $0.id == made.id }[keyPath: property] == "a\u{0}b")
            }
        }
        #expect(try await TextSpecimen.objects.count() == (try isPostgreSQL() ? 0 : 5))
    }
}
