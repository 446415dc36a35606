import MartletRouting
import MartletSite

// What a new project's Settings.swift and Services.swift say, once as values and once as sources: `.env.example` and
// docker-compose.yaml are made from the values, and `manage env-example --check` of the project compares.

extension ProjectScaffold {
    /// What `.env.example` says in place of the settings' defaults.
    var examples: [(name: String, value: String)] {
        [
            ("DEBUG", "false"), ("ALLOWED_HOSTS", "localhost,127.0.0.1"),
            ("DB_ENGINE", "postgresql"), ("APP_DB_NAME", name.snake), ("APP_DB_USER", name.snake),
            ("APP_DB_PASSWORD", ""), ("DB_HOST", "postgresql"),
            ("KVDB_PREFIX", name.snake), ("LOG_FORMAT", "json"), ("EMAIL_SUBJECT_PREFIX", "[\(name.type)]"),
            ("ENVIRONMENT", "production"), ("TRUSTED_PROXIES", "172.16.0.0/12"),
        ]
    }

    var services: [Service] {
        let port = ServiceVariable(
            "NGINX_PORT", value: "80", about: "The port of this machine on which the site is published.")
        // PostgreSQL is made with the name, user and password that the site logs in with: one place for both.
        return [
            Service("application", runs: .web), Service("migrate", runs: .command),
            Service("nginx", reads: [port, timeZone]),
            Service(
                "postgresql",
                reads: [
                    ServiceVariable("APP_DB_USER", value: name.snake, about: "Whom it makes when its volume is empty."),
                    ServiceVariable("APP_DB_PASSWORD", isRequired: true, about: "The password of that user."),
                    ServiceVariable("APP_DB_NAME", value: name.snake, about: "The database that it makes."),
                    timeZone,
                ]),
            Service(
                "memcached",
                reads: [
                    ServiceVariable(
                        "MEMCACHED_MEMORY", value: "64",
                        about: "Megabytes that the cache may fill before it forgets what was used least."),
                    timeZone,
                ]),
        ]
    }

    private var timeZone: ServiceVariable {
        ServiceVariable("TZ", value: "UTC", about: "Time zone of the services' own log lines.")
    }

    /// The site as the settings and the example of its environment see it.
    private var described: Site {
        let examples = Dictionary(examples.map { ($0.name, $0.value) }) { $1 }
        let makeSettings: @Sendable (inout SettingsReader) -> Settings = { reader in
            reader.examples(examples)
            return Settings(&reader)
        }
        return Site(apps: [], urls: URLs {}, settings: makeSettings, services: services)
    }

    var environmentExample: ScaffoldFile {
        ScaffoldFile(".env.example", EnvironmentExample(described).text)
    }

    /// The settings that a process of a role reads, in the order of `.env.example`.
    func variables(of role: Role) -> [String] {
        described.readSettings(Environment([:])).0.declared.filter { $0.roles.contains(role) }.map(\.name)
    }

    var settingsFile: ScaffoldFile {
        let lines = examples.map { "        \"\($0.name)\": \"\($0.value)\"," }
        return ScaffoldFile(
            "Sources/Config/Settings.swift",
            """
            import Martlet

            /// The site's settings: those that every site has, and what its `.env.example` says in place of their defaults.
            @Sendable func makeSettings(_ reader: inout SettingsReader) -> Settings {
                reader.examples([
            \(lines.joined(separator: "\n"))
                ])
                return Settings(&reader)
            }
            """)
    }

    var servicesFile: ScaffoldFile {
        ScaffoldFile(
            "Sources/Config/Services.swift",
            """
            import Martlet

            /// The services of `docker-compose.yaml`: who reads which variable.
            let services: [Service] = [
            \(services.map(source).joined(separator: "\n"))
            ]

            private let timeZone = \(Self.call(timeZone))
            """)
    }

    private func source(of service: Service) -> String {
        if let role = service.role { return "    Service(\"\(service.name)\", runs: .\(role))," }
        // The formatter wants a comma behind the last of several, and none behind an only one.
        let comma = service.variables.count > 1 ? "," : ""
        let variables = service.variables.map { "            \(source(of: $0))" }
        return
            "    Service(\n        \"\(service.name)\",\n        reads: [\n\(variables.joined(separator: ",\n"))\(comma)\n        ]),"
    }

    private func source(of variable: ServiceVariable) -> String {
        if variable == timeZone { return "timeZone" }
        let line = Self.call(variable)
        // As the formatter breaks a call that is longer than a line.
        guard line.count > 107 else { return line }
        let words = String(line.dropFirst("ServiceVariable(".count))
        let indent = "\n                "
        return "ServiceVariable(" + indent
            + (words.count > 103 ? words.replacing(", about: ", with: ",\(indent)about: ") : words)
    }

    private static func call(_ variable: ServiceVariable) -> String {
        var words = ["\"\(variable.name)\""]
        if let value = variable.value { words.append("value: \"\(value)\"") }
        if variable.isRequired { words.append("isRequired: true") }
        return "ServiceVariable(\(words.joined(separator: ", ")), about: \"\(variable.about)\")"
    }
}
