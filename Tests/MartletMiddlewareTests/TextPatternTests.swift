import MartletMiddleware
import Testing

@Suite struct TextPatternTests {
    // What Python's re.search and re.match say.
    @Test(arguments: [
        (#"foo"#, "a foo b", true, false), (#"^foo"#, "foo", true, true), (#"^foo"#, "a foo", false, false),
        (#"foo$"#, "foo\n", false, false), (#"^https://\w+\.example\.com$"#, "https://foo.example.com", true, true),
        (#"^https://\w+\.example\.com$"#, "https://foo.example.com.evil.org", false, false),
        (#"(?i)BOT"#, "robot", true, false), (#"é"#, "e\u{301}", false, false), (#"."#, "", false, false),
    ])
    func `an expression is found`(_ expression: String, _ text: String, _ isFound: Bool, _ begins: Bool) throws {
        let pattern = try TextPattern(expression)
        #expect(pattern.isFound(in: text) == isFound)
        #expect(pattern.begins(text) == begins)
        #expect(pattern.description == expression)
    }

    @Test func `what is no expression is told`() throws {
        let error = try #require(throws: TextPatternError.self) { try TextPattern("(") }
        #expect(error.description.hasPrefix(#""(" is no regular expression ("#))
    }

    @Test func `many tasks may use one expression at once`() async throws {
        let pattern = try TextPattern(#"\d+$"#)
        let found = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { pattern.isFound(in: number % 2 == 0 ? "a\(number)" : "\(number)a") }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(found == 100)
    }
}
