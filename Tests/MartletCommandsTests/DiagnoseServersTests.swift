import FoundationEssentials
import MartletCommands
import MartletSite
import MartletTiming
import TestPrograms
import Testing

/// `manage diagnose` with servers that run.
@Suite struct DiagnoseServersTests {
    private func manage(_ line: [String], _ variables: [String: String]) async throws -> CommandResult {
        let desk = try CommandSite()
        let all = ["DEBUG": "true"].merging(variables) { $1 }
        // Time stands still, so that a busy machine makes nothing slow.
        return await CommandSite.manage(
            line, of: desk.site, in: Environment(all), commands: [DiagnoseCommand(time: ManualTime().source)])
    }

    @Test func `a PostgreSQL server that answers is OK, and a database that it lacks is critical`() async throws {
        let url = try await CommandDatabase.freshPostgreSQL()
        let result = try await manage(["diagnose", "database"], ["DATABASE_URL": url])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.hasPrefix("OK database: PostgreSQL "), "\(result.output)")
        let missing = try await manage(
            ["diagnose", "database"], ["DATABASE_URL": url.replacing("/command_", with: "/nothing_")])
        #expect(missing.status == 2)
        #expect(missing.output.hasPrefix("CRITICAL database: "))
        #expect(missing.output.contains("does not exist"), "\(missing.output)")
    }

    @Test(.enabled(if: MemcachedServer.program != nil, "memcached is not installed"))
    func `a Memcached server that answers is OK, and one that has ended is told in few words`() async throws {
        let server = try MemcachedServer()
        let variables = ["KVDB_LOCATION": server.location]
        let result = try await manage(["diagnose", "cache"], variables)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output == "OK cache: \(server.location) answers")
        server.stop()
        let ended = try await manage(["diagnose", "cache"], variables)
        #expect(ended.status == 2)
        for noise in ["0x", "libmemcached", ".cc", "->"] {
            #expect(!ended.output.contains(noise), "\(ended.output)")
        }
        #expect(ended.output.hasSuffix("Start it, or correct KVDB_LOCATION."))
    }

    @Test func `a mail server that takes connections is OK`() async throws {
        let server = try await MailServer()
        let result = try await manage(
            ["diagnose", "mail"],
            [
                "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "\(server.port)", "EMAIL_USE_TLS": "false",
                "ADMINS": "ann@example.org",
            ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output == "OK mail: 127.0.0.1:\(server.port) takes connections")
        #expect(try server.letters().isEmpty)
    }

    @Test func `settings that are not complete are a line each on the output, which Nagios reads`() async throws {
        let result = try await manage(["diagnose"], ["PORT": "x", "APPEND_SLASH": "never"])
        #expect(result.status == 3)
        let lines = result.output.split(separator: "\n")
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { $0.hasPrefix("UNKNOWN settings: ") }, "\(result.output)")
        #expect(lines.filter { $0.contains("PORT") }.count == 1)
        #expect(lines.filter { $0.contains("APPEND_SLASH") }.count == 1)
    }

    @Test(arguments: [
        ("beet", "There is no role 'beet'. Did you mean 'beat'?"), ("beta", "There is no role 'beta'."),
        ("wep", "Did you mean 'web'?"),
        ("x", "There is no role 'x'. --role is one of web, worker, beat, command"), ("", "There is no role ''."),
        ("'; DROP TABLE x", "There is no role"),
    ])
    func `only roles that something knows are taken`(_ role: String, _ problem: String) async throws {
        let settings = try await manage(["settings", "--role", role], [:])
        #expect(settings.status == 2)
        #expect(settings.errors.contains(problem), "\(settings.errors)")
        let diagnosis = try await manage(["diagnose", "--role", role], [:])
        #expect(diagnosis.status == 3, "2 is what Nagios takes for critical")
        #expect(diagnosis.errors.contains(problem), "\(diagnosis.errors)")
    }
}
