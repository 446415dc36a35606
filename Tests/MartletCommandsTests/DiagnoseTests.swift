import FoundationEssentials
import MartletCommands
import MartletSite
import Synchronization
import Testing

/// `manage diagnose`; against real servers, in BlogTests and MartletTestingTests, it is asked by the same lines.
@Suite struct DiagnoseTests {
    private func manage(
        _ line: String..., variables: [String: String] = [:], dependencies: [Dependency] = [], isMigrated: Bool = true
    ) async throws -> CommandResult {
        let desk = try CommandSite()
        if isMigrated { _ = await desk.manage("migrate") }
        var site = desk.site
        site.apps.append(App("extra", dependencies: dependencies))
        let all = ["DEBUG": "true", "DATABASE_URL": "sqlite:///desk.sqlite3"].merging(variables) { $1 }
        return await desk.manage(line, of: site, in: Environment(all))
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
        let names = dependencies.map(\.name)
        let desk = try CommandSite()
        var site = desk.site
        site.apps.append(App("extra", dependencies: dependencies))
        let result = await desk.manage(["diagnose"] + names, of: site)
        #expect(result.status == status)
        #expect(result.output.split(separator: "\n").count == findings.count)
    }

    @Test func `what throws is critical, on one line, and keeps no other from being tried`() async throws {
        struct Broken: Error, CustomStringConvertible { let description = "first\n  second\n" }
        let result = try await manage(
            "diagnose", "broken", "slow", "fine",
            dependencies: [
                Dependency("broken") { _ in throw Broken() },
                Dependency("slow", timeout: .milliseconds(20)) { _ in
                    try await Task.sleep(for: .seconds(3_600))
                    return .ok("never")
                },
                Dependency("fine", slowAfter: .zero) { running in
                    .ok(RunningSite.current === running ? "with the site bound" : "without a site")
                },
            ])
        #expect(result.status == 2)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0] == "CRITICAL broken: first; second")
        #expect(lines[1] == "CRITICAL slow: no answer within 20ms. Look whether it runs and can be reached.")
        // Even the fastest answer takes longer than no time at all.
        #expect(lines[2].hasPrefix("WARNING fine: with the site bound, but it took "))
    }

    @Test func `what cannot be tried is unknown`() async throws {
        let settings = try await manage("diagnose", variables: ["PORT": "x"])
        #expect(settings.status == 3)
        #expect(settings.errors.contains("UNKNOWN: The settings are not complete:"))
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
