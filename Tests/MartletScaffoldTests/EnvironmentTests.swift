import Foundation
import MartletScaffold
import Testing

/// What an operator of a new project relies on: `.env.example`, docker-compose.yaml, Settings.swift and Services.swift
/// tell of the same variables.
@Suite struct EnvironmentTests {
    private func files(_ name: String = "my-site", hasPages: Bool = true) throws -> [String: String] {
        let files = try ProjectScaffold(name, hasPages: hasPages, framework: .path("../m"), secretKey: "k").files
        return Dictionary(files.map { ($0.path, $0.text) }) { $1 }
    }

    /// The variables of `.env.example`, with who reads them.
    private func variables(_ example: String) -> [(name: String, readers: String, isSet: Bool)] {
        example.components(separatedBy: "\n\n").compactMap { block in
            guard let range = block.range(of: "Read by: "), let last = block.split(separator: "\n").last else {
                return nil
            }
            let readers = String(block[range.upperBound...].prefix { $0 != "." })
            return (String(last.drop { "# ".contains($0) }.prefix { $0 != "=" }), readers, !last.hasPrefix("#"))
        }
    }

    /// The lines of a service's `environment:`, without their dashes.
    private func environment(of service: String, in compose: String) throws -> [String] {
        let lines = compose.components(separatedBy: "\n")
        let start = try #require(lines.firstIndex(of: "  \(service):"))
        let rest = lines[(start + 1)...].prefix { $0.isEmpty || $0.hasPrefix("    ") }
        let list = try #require(rest.firstIndex(of: "    environment:"))
        return rest[(list + 1)...].prefix { $0.hasPrefix("      - ") }.map { String($0.dropFirst(8)) }
    }

    @Test(arguments: [true, false])
    func `a service hands on each variable that its process reads, once, and no other`(_ hasPages: Bool) throws {
        let files = try files(hasPages: hasPages)
        let compose = try #require(files["docker-compose.yaml"])
        let all = variables(try #require(files[".env.example"]))
        let password = all.first { $0.name == "APP_DB_PASSWORD" }
        #expect(password?.readers == "application, migrate, postgresql", "one password for both")
        for (service, least) in [("application", 100), ("migrate", 20)] {
            let handed = try environment(of: service, in: compose).map { String($0.prefix { $0 != "=" }) }
            let read = all.filter { $0.readers.components(separatedBy: ", ").contains(service) }.map(\.name)
            #expect(handed.count >= least)
            #expect(Set(handed) == Set(read), "\(service)")
            #expect(Set(handed).count == handed.count, "\(service) names one twice")
        }
    }

    @Test func `the parts of a database may stand in place of its URL`() throws {
        let compose = try #require(try files()["docker-compose.yaml"])
        for service in ["application", "migrate"] {
            let lines = try environment(of: service, in: compose)
            for name in [
                "DATABASE_URL", "DB_ENGINE", "APP_DB_NAME", "APP_DB_USER", "APP_DB_PASSWORD", "DB_HOST", "DB_PORT",
            ] {
                #expect(
                    lines.contains(name), "\(service) hands \(name) on only where it is set, and requires it nowhere")
            }
        }
    }

    @Test func `every variable that compose puts in is told of in the example`() throws {
        let files = try files()
        let known = Set(variables(try #require(files[".env.example"])).map(\.name))
        let used = try #require(files["docker-compose.yaml"]).matches(of: /\$\{([A-Z_]+)/).map { String($0.1) }
        #expect(used.count > 8)
        #expect(Set(used).isSuperset(of: ["APP_DB_USER", "APP_DB_PASSWORD", "APP_DB_NAME"]), "PostgreSQL's own")
        #expect(Set(used).subtracting(known) == [])
    }

    @Test func `what compose requires and what the site gives of its own is set in the example`() throws {
        let files = try files()
        let set = Set(variables(try #require(files[".env.example"])).filter(\.isSet).map(\.name))
        for name in ["SECRET_KEY", "ALLOWED_HOSTS", "APP_DB_PASSWORD", "DB_HOST", "KVDB_PREFIX", "NGINX_PORT"] {
            #expect(set.contains(name), "\(name)")
        }
        let settings = try #require(files["Sources/Config/Settings.swift"])
        for match in settings.matches(of: /"([A-Z_]+)": "([^"]*)",/) {
            #expect(try #require(files[".env.example"]).contains("\n\(match.1)=\(match.2)\n"), "\(match.1)")
        }
        #expect(settings.contains(#""KVDB_PREFIX": "my_site""#))
    }

    @Test func `Services names each service that has variables, with these`() throws {
        let files = try files()
        let services = try #require(files["Sources/Config/Services.swift"])
        let compose = try #require(files["docker-compose.yaml"])
        let names = services.matches(of: /Service\(\s*"([a-z]+)"/).map { String($0.1) }
        #expect(names == ["application", "migrate", "nginx", "postgresql", "memcached"])
        for name in names { #expect(compose.contains("\n  \(name):\n")) }
        #expect(
            services.matches(of: /ServiceVariable\(\s*"([A-Z_]+)"/).map { String($0.1) }
                == ["NGINX_PORT", "APP_DB_USER", "APP_DB_PASSWORD", "APP_DB_NAME", "MEMCACHED_MEMORY", "TZ"])
        #expect(services.split(separator: "\n").count { $0 == "            timeZone," } == 3)
    }

    /// The rules that a parser of YAML would refuse first: tabs, odd steps, a key twice in one place.
    @Test(arguments: [true, false])
    func `the compose file is laid out as YAML wants it`(_ hasPages: Bool) throws {
        let compose = try #require(try files(hasPages: hasPages)["docker-compose.yaml"])
        #expect(!compose.contains("\t"))
        var keys: Set<String> = []
        var path: [String] = []
        for line in compose.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("#") {
            let depth = line.prefix { $0 == " " }.count
            #expect(depth % 2 == 0, "\(line)")
            guard let match = line.firstMatch(of: /^ *([A-Za-z_-]+):/) else { continue }
            path = Array(path.prefix(depth / 2)) + [String(match.1)]
            #expect(path.count == depth / 2 + 1, "\(line)")
            #expect(keys.insert(path.joined(separator: ".")).inserted, "\(line) stands twice")
        }
        for service in ["migrate", "application", "nginx", "postgresql", "memcached"] {
            #expect(keys.contains("services.\(service)"))
        }
    }
}
