import Testing

@testable import MartletORM

/// A combining mark behind a delimiter, or a character that joins the next one, makes one `Character` of both; databases
/// and file systems see the delimiter.
@Suite struct TextDelimiterTests {
    private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

    @Test func `every quote of a literal is doubled, whatever stands beside it`() {
        #expect(scalars(SQLLiteral.text("a'\u{301}b")) == scalars("'a''\u{301}b'"))
        #expect(scalars(SQLLiteral.text("'\u{301}; DROP TABLE a; --")) == scalars("'''\u{301}; DROP TABLE a; --'"))
        #expect(scalars(SQLLiteral.text("\u{600}'\u{200D}'")) == scalars("'\u{600}''\u{200D}'''"))
        #expect(SQLLiteral.text("it's") == "'it''s'")
        #expect(SQLLiteral.text("") == "''")
    }

    @Test func `every quote of an option of a search is doubled, whatever stands beside it`() {
        #expect(scalars(SearchFunction.quotedOption("\"\u{301}, b=c")) == scalars("\"\"\"\u{301}, b=c\""))
        #expect(SearchFunction.quotedOption("<b>") == "\"<b>\"")
    }

    @Test func `the folders of a path are those that the system sees`() {
        func parts(_ path: String, _ folder: String = "/srv/files") -> [String]? {
            FilePathRule.parts(of: path, below: folder)?.map { String($0) }
        }
        #expect(parts("/srv/files/a/b") == ["a", "b"])
        #expect(parts("/srv/files/a\u{600}/b")?.count == 2)
        #expect(parts("/srv/files/a/\u{301}b")?.count == 2)
        #expect(parts("/srv/files/a\u{600}/.b") == nil)
        #expect(parts("/srv/files/a\u{600}/../b") == nil)
        #expect(parts("/srv/files/.\u{301}b") == nil)
        #expect(parts("/srv/files/a//b") == nil)
        // Two folders for the system, though Swift takes the two texts for the same.
        #expect(parts("/srv/cafe\u{301}/a", "/srv/caf\u{e9}") == nil)
        #expect(parts("/srv/caf\u{e9}/a", "/srv/caf\u{e9}/") == ["a"])
    }

    @Test func `the host of a URL ends where a browser ends it`() {
        func isURL(_ text: String) -> Bool { URLSyntax.isURL(text, schemes: URLSyntax.schemes) }
        #expect(!isURL("http://bad_host/\u{301}@example.com/"))
        #expect(!isURL("http://bad_host?\u{301}@example.com/"))
        #expect(!isURL("http://a@\u{301}@example.com/"))
        #expect(!isURL("http://a:b:\u{301}c@example.com/"))
        #expect(isURL("http://example.com/\u{301}"))
        #expect(isURL("http://a\u{301}:b\u{301}@example.com/"))
    }
}
