import Foundation
import MartletCommands
import MartletLogging
import MartletRouting
import MartletSite
import Synchronization
import TestPrograms
import Testing

/// The log of a site that `manage` starts goes where the environment says.
@Suite struct LogDestinationTests {
    struct Broken: Error {}

    /// A site that tells something of each level and then does not start, so that the command ends.
    private static let site = Site(apps: [], urls: URLs {}).onStart { _ in
        let log = Logger("blog.views")
        log.debug("told_to_developers")
        log.info("two words\n2026-01-01 [info] forged", token: "hunter2", contact: Personal("ann@example.org"))
        Logger("martlet.sql").debug("statement_finished")
        throw Broken()
    }

    private func run(_ variables: [String: String], in folder: TemporaryFolder) async -> (status: Int32, told: [String])
    {
        let told = Mutex<[String]>([])
        let environment = Environment(
            ["DEBUG": "true", "PORT": "0", "DATABASE_URL": "sqlite:///\(folder.file("a.sqlite3"))"]
                .merging(variables) { $1 })
        let status = await MartletCommands.run(
            ["runserver", "--no-reload"], site: Self.site, environment: environment, print: { _ in },
            report: { text in told.withLock { $0.append(text) } })
        return (status, told.withLock { $0 })
    }

    @Test func `levels, form and file are those of the environment`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("site.log")
        let result = await run(
            [
                "LOG_DESTINATION": "file:\(path)", "LOG_FORMAT": "logfmt", "LOG_LEVEL": "warning",
                "LOG_LEVELS": "blog=info,martlet.sql=debug",
            ], in: folder)
        #expect(result.status == 1)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains("logger=blog") || $0.contains("logger=martlet.sql") }
        try #require(lines.count == 2)
        #expect(
            lines[0].hasSuffix(
                #" level=info event="two words\n2026-01-01 [info] forged" logger=blog.views token=[redacted] "#
                    + "contact=[redacted]"))
        #expect(lines[1].hasSuffix(" level=debug event=statement_finished logger=martlet.sql"))
    }

    @Test func `a file that cannot be written is told before anything starts`() async throws {
        let result = await run(["LOG_DESTINATION": "file:/nowhere/site.log"], in: try TemporaryFolder())
        #expect(result.status == 1)
        #expect(
            result.told == [
                "manage runserver: The log file /nowhere/site.log cannot be written: No such file or directory. Make its "
                    + "folder, or let the program's user write there."
            ])
    }
}
