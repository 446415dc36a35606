import Foundation
import MartletHTTP
import MartletServer
import MartletSite
import Testing

/// The server's settings as the environment gives them, and what is written about them.
@Suite struct ServerSettingsTests {
    private func settings(_ variables: [String: String]) throws -> ServerSettings {
        let complete = ["SECRET_KEY": "k", "ALLOWED_HOSTS": "example.org"]
        return try Settings(Environment(complete.merging(variables) { $1 })).server
    }

    @Test func `without variables the settings have their defaults`() throws {
        #expect(try fields(of: settings([:])) == fields(of: ServerSettings()))
    }

    @Test func `every setting can be read from the environment`() {
        let limits = RequestLimits()
        let properties = Set(ServerSettings.variables.map(\.property))
        // The limits of a request are one property of the settings, and each of them has a row.
        let count = Mirror(reflecting: ServerSettings()).children.count + Mirror(reflecting: limits).children.count - 1
        let named = properties.union([\ServerSettings.host, \.port, \.workers])
        #expect(named.count == count, "a property of ServerSettings has no row in ServerSettings.variables")
        #expect(Set(ServerSettings.variables.map(\.name)).count == ServerSettings.variables.count)
    }

    @Test func `a variable sets its property and no other`() throws {
        let plain = fields(of: ServerSettings())
        for variable in ServerSettings.variables {
            let changed = try fields(of: settings([variable.name: try #require(Self.others[variable.name])]))
            #expect(zip(plain, changed).count { $0 != $1 } == 1, "\(variable.name)")
            let same = try fields(of: settings([variable.name: variable.defaultText]))
            #expect(same == plain, "the default of \(variable.name) is not what it says")
        }
    }

    /// A value for each variable that is not its default.
    private static let others: [String: String] = {
        var values = [
            "SERVER_ADDRESSES": "[::1]:80, unix:/run/app.sock", "SERVER_UNIX_SOCKET_MODE": "0600",
            "SERVER_CONNECTION_LIMIT": "refuse", "SERVER_RELOADS_ON_HANGUP": "false", "SERVER_USES_SENDFILE": "false",
            "SERVER_TLS": "a.pem:a.key, b.pem:b.key", "SERVER_PROXY_PROTOCOL": "true",
            "SERVER_PROXY_PROTOCOL_PEERS": "10.0.0.0/8, ::1", "SERVER_UPLOAD_DIRECTORY": "/",
            "SERVER_MAX_JSON_DEPTH": "77",
        ]
        for variable in ServerSettings.variables where values[variable.name] == nil {
            // Digits alone are a count, bytes or seconds.
            values[variable.name] = "777"
        }
        return values
    }()

    private func fields(of settings: ServerSettings) -> [String] {
        Mirror(reflecting: settings).children.map { "\($0.label ?? ""): \($0.value)" }
    }

    @Test(arguments: [
        ("10s", Duration.seconds(10)), ("10", .seconds(10)), ("500ms", .milliseconds(500)),
        ("1.5s", .milliseconds(1_500)),
        ("2m", .seconds(120)), ("0.25", .milliseconds(250)), ("1h", .seconds(3_600)), ("1.5m", .seconds(90)),
        ("0.001s", .milliseconds(1)), ("010S", .seconds(10)), ("8760h", .seconds(31_536_000)),
    ])
    func `a duration has a unit or is a number of seconds`(_ text: String, _ duration: Duration) throws {
        #expect(try settings(["SERVER_HEAD_TIMEOUT": text]).headTimeout == duration)
    }

    @Test(arguments: [
        ("32KB", 32_768), ("2.5MB", 2_621_440), ("1GB", 1 << 30), ("1000", 1_000), ("1000B", 1_000), ("1kb", 1_024),
        ("0.5KB", 512),
    ])
    func `a size has a unit or is a number of bytes`(_ text: String, _ size: Int) throws {
        #expect(try settings(["SERVER_MAX_HEAD_SIZE": text]).maximumHeadSize == size)
    }

    @Test(arguments: [
        ("SERVER_HEAD_TIMEOUT", "0"), ("SERVER_HEAD_TIMEOUT", "-1s"), ("SERVER_HEAD_TIMEOUT", "1d"),
        ("SERVER_HEAD_TIMEOUT", "s"), ("SERVER_HEAD_TIMEOUT", "1 s"), ("SERVER_HEAD_TIMEOUT", "1e3"),
        ("SERVER_HEAD_TIMEOUT", "1.2345s"), ("SERVER_HEAD_TIMEOUT", "."), ("SERVER_HEAD_TIMEOUT", "1."),
        ("SERVER_HEAD_TIMEOUT", ".5"), ("SERVER_HEAD_TIMEOUT", "1.2.3"), ("SERVER_HEAD_TIMEOUT", "٣s"),
        ("SERVER_HEAD_TIMEOUT", "nan"), ("SERVER_HEAD_TIMEOUT", "9223372036854775807h"),
        ("SERVER_HEAD_TIMEOUT", "8761h"), ("SERVER_HEAD_TIMEOUT", "99999999999999999999"),
        ("SERVER_MAX_HEAD_SIZE", "255"), ("SERVER_MAX_HEAD_SIZE", "1TB"), ("SERVER_MAX_HEAD_SIZE", "1K"),
        ("SERVER_MAX_HEAD_SIZE", "9223372036854775807KB"), ("SERVER_MAX_HEAD_SIZE", "+1KB"),
        ("SERVER_BACKLOG", "0"), ("SERVER_BACKLOG", "1s"), ("SERVER_MAX_CONNECTIONS", "0"),
        ("SERVER_ADDRESSES", "8000,eighty"), ("SERVER_ADDRESSES", "[::1"), ("SERVER_UNIX_SOCKET_MODE", "rw"),
        ("SERVER_UNIX_SOCKET_MODE", "888"), ("SERVER_UNIX_SOCKET_MODE", "1777"), ("SERVER_UNIX_SOCKET_MODE", "+7"),
        ("SERVER_TLS", "a.pem"), ("SERVER_TLS", "a.pem:"), ("SERVER_TLS", "a.pem:a.key:b"), ("SERVER_TLS", ","),
        ("SERVER_PROXY_PROTOCOL_PEERS", "10.0.0.0/33"), ("SERVER_UPLOAD_DIRECTORY", "/no/such/directory"),
        ("SERVER_MIN_BODY_RATE", "-1"), ("SERVER_CONNECTION_LIMIT", "drop"), ("SERVER_RELOADS_ON_HANGUP", "maybe"),
    ])
    func `a value that does not fit is reported with what was found and what would fit`(
        _ name: String, _ value: String
    ) throws {
        // With two of them both are told.
        let error = #expect(throws: SettingsError.self) { try settings([name: value, "PORT": "x"]) }
        #expect(error?.problems.count == 2)
        let problem = try #require(error?.problems.first { $0.hasPrefix(name) })
        #expect(problem.hasPrefix("\(name) (environment) is \(value.debugDescription); it must be "))
    }

    // MARK: What is written about them

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func lines(of path: String, from prefix: String) throws -> [String] {
        let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        // The name of SERVER_EMAIL is Django's, and it is none of the server's.
        return text.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix(prefix) && !$0.contains("SERVER_EMAIL")
        }
    }

    @Test func `the documentation lists every variable with its default and meaning`() throws {
        let rows = ServerSettings.variables.map { variable in
            let text = variable.defaultText.isEmpty ? "none" : "`\(variable.defaultText)`"
            return "| `\(variable.name)` | \(text) | \(variable.meaning) |"
        }
        #expect(try lines(of: "Docs/server.md", from: "| `SERVER_") == rows)
    }

    @Test func `the sample environment lists every variable with its default`() throws {
        let assignments = ServerSettings.variables.map { "# \($0.name)=\($0.defaultText)" }
        // The name of SERVER_EMAIL is Django's, and it is none of the server's.
        let lines = try lines(of: ".env.example", from: "# SERVER_").filter { !$0.contains("SERVER_EMAIL") }
        #expect(lines == assignments)
    }

    @Test func `docker compose hands every variable to the application`() throws {
        let names = ServerSettings.variables.map { "      - \($0.name)" }
        #expect(try lines(of: "docker-compose.yaml", from: "      - SERVER_") == names)
    }
}
