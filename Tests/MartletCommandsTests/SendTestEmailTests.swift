import MartletCommands
import MartletSite
import TestPrograms
import Testing

@Suite struct SendTestEmailTests {
    private func manage(_ line: [String], _ variables: [String: String]) async throws -> CommandResult {
        let desk = try CommandSite()
        return await desk.manage(line, of: desk.site, environment: variables)
    }

    @Test func `a mail arrives at everybody who is named`() async throws {
        let server = try await MailServer()
        defer { server.stop() }
        let settings = [
            "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "\(server.port)", "ADMINS": "Ann <ann@example.org>",
            "SERVER_EMAIL": "site@example.org", "EMAIL_SUBJECT_PREFIX": "[Desk] ",
        ]
        let result = try await manage(["sendtestemail", "bob@example.org", "--admins"], settings)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "Sent to ann@example.org, bob@example.org by 127.0.0.1:\(server.port).")
        let letter = try #require(try server.letters().first)
        #expect(letter.to == ["ann@example.org", "bob@example.org"])
        #expect(letter.from == "site@example.org")
        #expect(letter.content.contains("Subject: [Desk] Test of mails"))
    }

    @Test(arguments: [
        ([], 2, "Nobody gets it."), (["--admins"], 2, "Nobody gets it."),
        (["ann"], 2, "'ann' is no mail address."), (["a@b.org\r\nBcc: c@d.org"], 2, "is no mail address."),
        // Nobody listens at the discard port.
        (["ann@example.org"], 1, "127.0.0.1:9 did not take the mail: "),
    ])
    func `a mail that cannot leave is told why`(_ words: [String], _ status: Int32, _ problem: String) async throws {
        let result = try await manage(
            ["sendtestemail"] + words, ["EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "9", "EMAIL_TIMEOUT": "5s"])
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.contains(problem), "\(result.errors)")
    }
}
