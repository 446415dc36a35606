import FoundationEssentials
import MartletCommands
import MartletSite
import MartletTiming
import Synchronization
import Testing

/// `manage diagnose` where nothing runs besides the tests; with real servers it is tried in DiagnoseServersTests.
@Suite struct DiagnoseTests {
    /// Stands still unless a test moves it, so that a busy machine makes nothing slow.
    private let time = ManualTime()

    private func manage(
        _ line: String..., variables: [String: String] = [:], dependencies: [Dependency] = [], isMigrated: Bool = true
    ) async throws -> CommandResult {
        try await manage(line, variables: variables, dependencies: dependencies, isMigrated: isMigrated)
    }

    private func manage(
        _ line: [String], variables: [String: String] = [:], dependencies: [Dependency] = [], isMigrated: Bool = true
    ) async throws -> CommandResult {
        let desk = try CommandSite()
        if isMigrated { _ = await desk.manage("migrate") }
        var site = desk.site
        site.apps.append(App("extra", dependencies: dependencies))
        let all = ["DEBUG": "true", "DATABASE_URL": "sqlite:///desk.sqlite3"].merging(variables) { $1 }
        return await CommandSite.manage(
            line, of: site, in: Environment(all), commands: [DiagnoseCommand(time: time.source)])
    }

    @Test func `what works is told in a line each, and the status is 0`() async throws {
        let result = try await manage("diagnose", "database", "cache", "mail")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].wholeMatch(of: /OK database: SQLite 3\.\S+ answered in \d+m?s/) != nil)
        #expect(lines[1] == "OK cache: in the process's own memory; KVDB_LOCATION names a Memcached")
        #expect(lines[2] == "OK mail: no mails are sent: neither ADMINS nor EMAIL_HOST is set")
    }

    @Test func `a database that is not there is told, and not made`() async throws {
        let result = try await manage("diagnose", "database", isMigrated: false)
        #expect(result.status == 2)
        #expect(result.output.hasPrefix("CRITICAL database: "))
        #expect(
            result.output.contains(
                "desk.sqlite3: No such file or directory. Run `manage migrate`, or correct DATABASE_URL."))
        #expect(result.errors == "manage diagnose: CRITICAL: 1 of 1 need attention.")
    }

    @Test func `servers that do not listen are told without their passwords`() async throws {
        // Port 1 of this machine belongs to nobody.
        let result = try await manage(
            "diagnose", "database", "cache", "mail",
            variables: [
                "DATABASE_URL": "postgresql://ann:hunter2@127.0.0.1:1/blog", "KVDB_LOCATION": "127.0.0.1:1",
                "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "1", "EMAIL_HOST_USER": "ann",
                "EMAIL_HOST_PASSWORD": "hunter2",
            ])
        #expect(result.status == 2)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 3, "\(result.output)")
        for (line, name) in zip(lines, ["database", "cache", "mail"]) { #expect(line.hasPrefix("CRITICAL \(name): ")) }
        #expect(lines[1].hasSuffix("Start it, or correct KVDB_LOCATION."))
        #expect(lines[2].contains("(unreachable)"))
        #expect(!result.output.contains("hunter2"))
    }

    static let findings: [([Finding], Int32)] = [
        ([.ok("a"), .warning("b")], 1), ([.warning("a"), .critical("b"), .unknown("c")], 2),
        ([.unknown("a"), .ok("b")], 3), ([.unknown("a"), .warning("b")], 1), ([.ok("a")], 0),
    ]

    @Test(arguments: findings)
    func `the status is that of a Nagios plugin, the worst of all`(_ findings: [Finding], _ status: Int32) async throws
    {
        let dependencies = findings.enumerated().map { index, finding in Dependency("d\(index)") { _ in finding } }
        var line = dependencies.map(\.name)
        line.insert("diagnose", at: 0)
        let result = try await manage(line, dependencies: dependencies)
        #expect(result.status == status)
        #expect(result.output.split(separator: "\n").count == findings.count)
    }

    @Test func `what throws is critical, on one line, and keeps no other from being tried`() async throws {
        struct Broken: Error, CustomStringConvertible { let description = "first\n  second\n" }
        let time = time
        let result = try await manage(
            "diagnose", "broken", "stuck", "fine",
            dependencies: [
                Dependency("broken", timeout: .seconds(100)) { _ in throw Broken() },
                Dependency("stuck", timeout: .seconds(5), slowAfter: .seconds(100)) { _ in
                    time.advance(by: .seconds(5))
                    try await Task.sleep(for: .seconds(3_600))
                    return .ok("never")
                },
                Dependency("fine", timeout: .seconds(100), slowAfter: .seconds(100)) { running in
                    .ok(RunningSite.current === running ? "with the site bound" : "without a site")
                },
            ])
        #expect(result.status == 2)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first == "CRITICAL broken: first; second")
        #expect(
            lines.dropFirst().first == "CRITICAL stuck: no answer within 5s. Look whether it runs and can be reached.")
        #expect(lines.last == "OK fine: with the site bound")
    }

    @Test func `an answer that takes long is a warning`() async throws {
        let time = time
        let result = try await manage(
            "diagnose", "slow",
            dependencies: [
                Dependency("slow", slowAfter: .seconds(1)) { _ in
                    time.advance(by: .seconds(2))
                    return .ok("it answers")
                }
            ])
        #expect(result.status == 1)
        #expect(result.output == "WARNING slow: it answers, but it took 2s, more than 1s")
    }

    @Test func `what cannot be tried is unknown`() async throws {
        let settings = try await manage("diagnose", variables: ["PORT": "x"])
        #expect(settings.status == 3)
        #expect(settings.errors == "manage diagnose: UNKNOWN: the settings are not complete.")
        let name = try await manage("diagnose", "databse")
        #expect(name.status == 3)
        #expect(name.errors.contains("there are database, cache, mail, disk."))
    }

    struct Disk: Sendable {
        let freeMB: UInt64
        let sizeMB: UInt64
        var freeFiles: UInt64 = 0
        var files: UInt64 = 0
        let state: Finding.State
    }

    static let disks = [
        Disk(freeMB: 500_000, sizeMB: 1_000_000, state: .ok), Disk(freeMB: 5_000, sizeMB: 1_000_000, state: .ok),
        Disk(freeMB: 900, sizeMB: 1_000_000, state: .warning), Disk(freeMB: 90, sizeMB: 1_000_000, state: .critical),
        Disk(freeMB: 90, sizeMB: 500, state: .ok), Disk(freeMB: 40, sizeMB: 500, state: .warning),
        Disk(freeMB: 20, sizeMB: 500, state: .critical), Disk(freeMB: 0, sizeMB: 0, state: .ok),
        Disk(freeMB: 500_000, sizeMB: 1_000_000, freeFiles: 4, files: 100, state: .critical),
        Disk(freeMB: 500_000, sizeMB: 1_000_000, freeFiles: 9, files: 100, state: .warning),
        Disk(freeMB: 500_000, sizeMB: 1_000_000, freeFiles: 50, files: 100, state: .ok),
    ]

    @Test(arguments: disks)
    func `a disk is nearly full by its share, and by what is left on a large one`(_ disk: Disk) {
        let space = DiskSpace(
            folder: "/data", device: 1, free: disk.freeMB << 20, size: disk.sizeMB << 20, freeFiles: disk.freeFiles,
            files: disk.files)
        #expect(space.finding.state == disk.state)
    }

    @Test func `the disks of the site are found`() async throws {
        let result = try await manage("diagnose", "disk")
        #expect(result.output.contains(" disk: "))
        #expect(result.output.contains(" MB left"))
        let missing = try await manage("diagnose", "disk", variables: ["DATABASE_URL": "sqlite:///nowhere/a.sqlite3"])
        #expect(missing.status == 2)
        #expect(missing.output.contains("nowhere: No such file or directory."))
    }
}
