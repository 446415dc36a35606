import MartletPostgreSQL
import Testing

@Suite struct URLProblemTests {
    @Test(
        arguments: [
            ("postgresql://ann:p[1@db/b", "a '[' of a user or password must be written %5B"),
            ("postgresql://ann:p]1@db/b", "a ']' of a user or password must be written %5D"),
            ("postgresql://ann:pü@db/b", "the 'ü' at character 19 must be written %C3%BC"),
            ("postgresql://db/🐦", "the '🐦' at character 17 must be written %F0%9F%90%A6"),
            ("postgresql://db/b\r", "there is a control character at character 18"),
            // Around an address they belong.
            ("postgresql://ann:p%5B1@[::1]:5432/b", nil), ("postgresql://[::1]/b", nil),
        ] as [(String, String?)])
    func `what must be percent-encoded is named, and nothing else of a password`(_ url: String, _ problem: String?) {
        #expect(PostgreSQLConfiguration.problem(inURL: url) == problem)
    }
}
