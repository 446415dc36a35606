import Foundation
import TestPrograms
import Testing

/// What is not run is seen.
@Suite struct NotRunTests {
    @Test(arguments: [
        ("a test", "no Python", "NOT RUN: a test: no Python\n"),
        ("a \"test\": %s\n", "pip says:\n\tno network\r\n", "NOT RUN: a \"test\": %s : pip says: \tno network\n"),
        ("\u{1F426}", "", "NOT RUN: \u{1F426}: \n"),
    ])
    func `a test that cannot run says so on one line`(_ name: String, _ reason: String, _ line: String) {
        #expect(Test.notRunLine(name, reason) == line)
    }

    /// The lines of this library, and those of the testing library, which is silent where all cases are cancelled.
    private static let log = """
        ◇ Test "fixtures go around" started.
        NOT RUN: fixtures go around: no Python with django==5.2.19: no network
        NOT RUN: fixtures go around: no Python with django==5.2.19: no network
        ✔ Test "fixtures go around" with 3 test cases passed after 0.286 seconds.
        ➜ Test "models are read" was cancelled after 0.286 seconds: "no Python: install python3-venv
        "
        ➜ Suite RsyslogTests skipped: "rsyslogd is not installed: Scripts/requirements test"
        ➜ Test "a bouncer follows" skipped: "PgBouncer here is older than 1.21"
        ➜ Test "nobody says why" skipped.
        ✔ Test "a sequence that was cancelled is not taken for the whole" passed after 1.2 seconds.
        ✘ Test "what was skipped: \\"no\\"" failed after 0.1 seconds with 1 issue.

        """

    @Test func `the end of all tests lists what was not run, once, and why`() async throws {
        let folder = try TemporaryFolder()
        try Data(Self.log.utf8).write(to: URL(fileURLWithPath: folder.file("log")))
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Scripts/not-run").standardized.path
        let result = try await Program.run("python3", [script, folder.file("log")])
        #expect(result.status == 0)
        #expect(
            result.output == """
                RsyslogTests: rsyslogd is not installed: Scripts/requirements test
                a bouncer follows: PgBouncer here is older than 1.21
                fixtures go around: no Python with django==5.2.19: no network
                models are read: no Python: install python3-venv
                nobody says why: no reason is given

                """)
    }
}
