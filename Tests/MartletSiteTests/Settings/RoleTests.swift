import FoundationEssentials
import MartletHTTP
import MartletLogging
import MartletORM
import MartletRouting
import MartletSigning
import MartletSite
import Testing

/// What a process needs, by its role, and what a project adds.
@Suite struct RoleTests {
    struct Weather: SettingsGroup {
        let key: Secret<String>
        let timeout: Duration

        init(_ reader: inout SettingsReader) {
            reader.section("The weather", for: [.worker, "importer"])
            key = reader.secret("WEATHER_KEY", expected: "the key of weather.example.org", about: "Pays for forecasts.")
            timeout = reader.duration("WEATHER_TIMEOUT", default: .seconds(5), about: "How long a forecast may take.")
        }
    }

    private let site = Site(
        apps: [], urls: URLs {},
        settings: { reader in
            var settings = Settings(&reader)
            settings.add(Weather(&reader))
            settings.appendSlash = false
            return settings
        })

    @Test func `a process starts without what only other roles need`() throws {
        for role in [Role.command, .beat, Role("mine")] {
            let settings = try site.settings(Environment([:]), role: role)
            #expect(settings.allowedHosts == [])
            #expect(settings.secretKey.revealed == "")
        }
        #expect(
            try site.settings(Environment(["SECRET_KEY": "k", "WEATHER_KEY": "w"]), role: .worker).secretKey.revealed
                == "k")
        #expect(try Settings(Environment(["SECRET_KEY": "k"]), role: .beat).secretKey.revealed == "k")
    }

    @Test(arguments: [
        (Role.web, ["SECRET_KEY", "ALLOWED_HOSTS"]), (Role.worker, ["SECRET_KEY", "WEATHER_KEY"]),
        (Role("importer"), ["WEATHER_KEY"]),
    ])
    func `a role is told of everything that it lacks at once`(_ role: Role, _ names: [String]) {
        let error = #expect(throws: SettingsError.self) { try site.settings(Environment([:]), role: role) }
        #expect(error?.problems.map { String($0.prefix { $0 != " " }) } == names)
        #expect(
            error?.problems.allSatisfy { $0.contains("is not set. The role \(role) needs it. It must be ") } == true)
    }

    @Test func `what does not fit is told to every role, with an example`() {
        let error = #expect(throws: SettingsError.self) {
            try site.settings(Environment(["PORT": "80 a", "WEATHER_TIMEOUT": "soon", "DEBUG": "ja"]), role: .command)
        }
        #expect(
            error?.problems == [
                #"DEBUG (environment) is "ja"; it must be true or false. Example: DEBUG=false"#,
                #"PORT (environment) is "80 a"; it must be a whole number from 0 to 65535. Example: PORT=8000"#,
                #"WEATHER_TIMEOUT (environment) is "soon"; it must be a duration above zero with one of the units ms, s, m, h, "#
                    + "such as 500ms or 10s. Example: WEATHER_TIMEOUT=5s",
            ])
    }

    @Test func `a project reads settings of its own and changes others`() throws {
        let settings = try site.settings(
            Environment(["DEBUG": "true", "WEATHER_KEY": "hunter2", "WEATHER_TIMEOUT": "2s"]))
        let weather = try settings.group(Weather.self)
        #expect(weather.key.revealed == "hunter2")
        #expect(weather.timeout == .seconds(2))
        #expect(!settings.appendSlash)
        #expect(!"\(settings)".contains("hunter2"))
    }

    @Test func `a group that nobody has added is told with the line to write`() throws {
        let settings = try Settings(Environment(["DEBUG": "true"]))
        let error = #expect(throws: SettingsError.self) { try settings.group(Weather.self) }
        #expect(error?.description.contains("settings.add(Weather(&reader))") == true)
    }

    @Test func `a process without a key signs nothing and believes nothing`() async throws {
        let folder = FileManager.default.temporaryDirectory.path
        var site = site
        site.folder = folder
        let settings = try site.settings(Environment(["DATABASE_URL": "sqlite:///none.sqlite3"]), role: .command)
        let running = try RunningSite(site, settings: settings)
        await running.bound {
            #expect(SigningKeys.current == nil)
            #expect(throws: SigningError.self) { try Signer() }
        }
        await running.close()
        #expect(settings.signingKeys != SigningKeys(""))
        let other = try site.settings(Environment([:]), role: .command)
        #expect(settings.signingKeys != other.signingKeys)
    }

    @Test func `every setting says what it is for`() {
        var reader = SettingsReader(Environment([:]))
        _ = Settings(&reader)
        #expect(reader.declared.count > 100)
        #expect(Set(reader.declared.map(\.name)).count == reader.declared.count)
        for setting in reader.declared {
            #expect(!setting.about.isEmpty && !setting.section.isEmpty, "\(setting.name)")
        }
    }
}
