import FoundationEssentials
import MartletCommands
import MartletJSON
import MartletSite
import Testing

/// `manage settings` and `manage env-example`.
@Suite struct SettingsCommandTests {
    private let site: CommandSite

    init() throws { site = try CommandSite() }

    private func manage(_ line: String..., variables: [String: String] = [:], file: String? = nil) async throws
        -> CommandResult
    {
        let path = site.folder.appendingPathComponent(".env").path
        if let file { try Data(file.utf8).write(to: URL(fileURLWithPath: path)) }
        return await CommandSite.manage(line, of: site.site, in: Environment(variables: variables, dotEnv: path))
    }

    @Test func `every value is shown with its place, secrets hidden`() async throws {
        let result = try await manage(
            "settings", variables: ["DEBUG": "yes", "KVDB_PREFIX": "a\r", "SECRET_KEY": "hunter2"],
            file: "# a\nPORT=8001\nDATABASE_URL='postgresql://ann:hunter2@db/blog'\nALLOWED_HOSTS=a.org, b.org\n")
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n").map { line in
            line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        let path = site.folder.appendingPathComponent(".env").path
        for line in [
            "DEBUG = true environment", "PORT = 8001 \(path):2", "APPEND_SLASH = true default",
            "SECRET_KEY = [hidden, 7 characters] environment", #"KVDB_PREFIX = "a\r" environment"#,
            #"DATABASE_URL = "postgresql://ann:[hidden]@db/blog" \#(path):3"#,
            #"ALLOWED_HOSTS = ["a.org", "b.org"] \#(path):4"#, "KVDB_LOCATION = none default", "# The database",
            #"SERVER_IDLE_TIMEOUT = "75s" default"#, #"- KVDB_PREFIX (environment) ends with \r."#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(!result.output.contains("hunter2"))
    }

    @Test func `problems and names that nobody reads are told`() async throws {
        let result = try await manage("settings", file: "DEBUG=true\nALOWED_HOSTS=a.org\nPORT=x\n")
        #expect(result.status == 1)
        #expect(result.output.contains(".env:2) is read by nothing. Did you mean ALLOWED_HOSTS?"))
        #expect(result.errors.contains("it must be a whole number from 0 to 65535"))
    }

    @Test func `a role is told what it lacks`() async throws {
        #expect(try await manage("settings", variables: [:]).status == 1)
        #expect(try await manage("settings", "--role", "command", variables: [:]).status == 0)
        let worker = try await manage("settings", "--role", "worker", variables: [:])
        #expect(worker.errors.contains("SECRET_KEY is not set. The role worker needs it."))
        #expect(!worker.errors.contains("ALLOWED_HOSTS"))
    }

    @Test func `some settings are shown, and an unknown one is told`() async throws {
        let some = try await manage("settings", "PORT", "DEBUG", variables: ["DEBUG": "true"])
        #expect(some.output.split(separator: "\n").filter { !$0.hasPrefix("#") }.count == 2)
        let none = try await manage("settings", "PROT", variables: ["DEBUG": "true"])
        #expect(none.status == 1)
        #expect(none.errors.contains("There is no setting 'PROT'."))
    }

    @Test func `programs get JSON`() async throws {
        let result = try await manage(
            "settings", "SECRET_KEY", "--json", variables: ["DEBUG": "true", "SECRET_KEY": "hunter2"])
        let entry = try #require(try JSON.parse(result.output)[0])
        #expect(entry["name"] == "SECRET_KEY")
        #expect(entry["value"] == "[hidden, 7 characters]")
        #expect(entry["origin"] == "environment")
        #expect(entry["roles"] == "web, worker")
    }

    @Test func `env-example writes what a site reads, and who`() async throws {
        let site = Site(
            apps: [], urls: healthURLs,
            settings: { reader in
                reader.examples(["KVDB_PREFIX": "it's a $1"])
                return Settings(&reader)
            },
            services: [
                Service("application", runs: .web), Service("migrate", runs: .command),
                Service("db", reads: [ServiceVariable("DB_PASS", isRequired: true, about: "The `password`")]),
                Service("kv", reads: [ServiceVariable("TZ", value: "UTC", about: "The zone.")]),
                Service("web", reads: [ServiceVariable("TZ", value: "UTC", about: "The zone.")]),
            ], folder: self.site.folder.path)
        let environment = Environment(["DEBUG": "true", "PORT": "9"])
        let text = await CommandSite.manage(["env-example", "-"], of: site, in: environment).output
        for part in [
            "Required. Read by: application.\nSECRET_KEY=\n", "Read by: application, migrate.\n# DEBUG=false\n",
            "Read by: application.\n# PORT=8000\n", "Required. Read by: application.\nALLOWED_HOSTS=\n",
            "# KVDB_LOCATION=memcached:11211\n", "KVDB_PREFIX=\"it's a \\$1\"\n",
            "\n# EMAIL_SUBJECT_PREFIX='[Martlet] '\n",
            "\n# The password.\n# Required. Read by: db.\nDB_PASS=\n", "# The zone.\n# Read by: kv, web.\nTZ=UTC",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
        // What is written is what is read.
        let path = self.site.folder.appendingPathComponent(".env.example").path
        #expect(await CommandSite.manage(["env-example", "--check"], of: site, in: environment).status == 1)
        #expect(await CommandSite.manage(["env-example"], of: site, in: environment).output == "Wrote \(path).")
        #expect(await CommandSite.manage(["env-example", "--check"], of: site, in: environment).status == 0)
        let read = Environment(variables: [:], dotEnv: path)
        #expect(read.problems == [])
        #expect(read["KVDB_PREFIX"]?.value == "it's a $1")
    }
}
