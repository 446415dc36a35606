import MartletJSON
import MartletValues
import TestPrograms
import Testing

/// What is offered to somebody who has mistyped, beside what Python's `difflib.get_close_matches` offers, which Django
/// asks.
@Suite struct SuggestionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let typed: String
        let words: [String]
        let offered: String?
        /// Where Django offers something else.
        var django: String??
    }

    private static let roles = ["web", "worker", "beat", "command"]
    private static let commands = [
        "backup", "check", "clearsessions", "collectstatic", "completion", "createcachetable", "dbshell", "diagnose",
        "dumpdata", "env-example", "findstatic", "flush", "graphmodels", "inspectdb", "loaddata", "makemigrations",
        "migrate", "optimizemigration", "query", "runserver", "sendtestemail", "serve", "settings", "showmigrations",
        "showurls", "sqlflush", "sqlmigrate", "squashmigrations", "startapp", "test", "version",
    ]

    private static func role(_ typed: String, _ offered: String?, _ why: String) -> Case {
        Case(testDescription: "\(typed): \(why)", typed: typed, words: roles, offered: offered)
    }

    private static func command(
        _ typed: String, _ offered: String?, _ why: String, django: String?? = .none
    ) -> Case {
        Case(testDescription: "\(typed): \(why)", typed: typed, words: commands, offered: offered, django: django)
    }

    static let cases = [
        role("wbe", "web", "neighbours changed places in a short word"), role("bat", "beat", "one letter too few"),
        role("baet", "beat", "neighbours changed places"), role("we", "web", "two letters of three"),
        role("eb", "web", "the first letter is missing"), role("wrker", "worker", "one letter too few"),
        role("workers", "worker", "one letter too many"), role("comand", "command", "a doubled letter once"),
        role("w", nil, "one letter could be anything"), role("", nil, "nothing"), role("xyz", nil, "nothing like it"),
        role("'; DROP TABLE x; --", nil, "hostile"), role("\u{0}\u{1F426}", nil, "no letters"),
        role(String(repeating: "web", count: 10_000), nil, "very long"),
        command("migrat", "migrate", "the last letter is missing"), command("mirgate", "migrate", "two changed places"),
        command("tset", "test", "two changed places"), command("tst", "test", "one letter too few"),
        command("chekc", "check", "two changed places"), command("flsuh", "flush", "two changed places"),
        command("sevre", "serve", "two changed places"), command("runsrv", "runserver", "three letters too few"),
        command("runsever", "runserver", "one letter too few"), command("colectstatic", "collectstatic", "one too few"),
        command("makemigration", "makemigrations", "the singular"), command("dump", "dumpdata", "the beginning"),
        command("start", "startapp", "the beginning"), command("shell", "dbshell", "the end"),
        command("sql", nil, "the beginning of several, and too little of each"),
        command("frobnicate", nil, "nothing like it"), command("ls", nil, "nothing like it"),
        command("MIGRATE", "migrate", "capitals are no slip; difflib compares them as letters", django: .some(nil)),
        command("migrate", "migrate", "the word itself"),
    ]

    @Test(arguments: cases)
    func `the nearest word is offered, and nothing where none is near`(_ example: Case) {
        #expect(Suggestion.nearest(to: example.typed, among: example.words) == example.offered)
        let text = example.offered.map { " Did you mean '\($0)'?" } ?? ""
        #expect(Suggestion.text(for: example.typed, among: example.words) == text)
    }

    @Test func `Django offers the same, but for what the table says`() async throws {
        let python = try await PythonEnvironment()
        let asked = Self.cases.filter { !$0.typed.unicodeScalars.contains("\u{0}") }
        let input = JSONValue.array(
            asked.map { ["typed": .string($0.typed), "words": .array($0.words.map(JSONValue.string))] })
        let told = try await python.run(
            """
            import difflib, json, sys
            for case in json.load(sys.stdin):
                near = difflib.get_close_matches(case["typed"], case["words"])
                print(near[0] if near else "-")
            """, input: "\(input)")
        let expected = asked.map { ($0.django ?? $0.offered) ?? "-" }
        #expect(told.split(separator: "\n").map(String.init) == expected)
    }
}
