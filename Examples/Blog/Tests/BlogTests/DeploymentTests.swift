import Config
import Foundation
import Martlet
import Synchronization
import Testing

/// What an operator relies on: the checks of a public site, `.env.example`, and the services of docker-compose.yaml.
@Suite struct DeploymentTests {
    private static let root = URL(fileURLWithPath: blogFolder).appendingPathComponent("../..").standardizedFileURL

    private static func manage(_ line: [String], _ variables: [String: String]) async -> (status: Int32, output: String)
    {
        var blog = site
        blog.folder = blogFolder
        let output = Mutex("")
        let status = await run(
            line, site: blog, environment: Environment(variables),
            print: { text in output.withLock { $0 += text + "\n" } },
            report: { text in output.withLock { $0 += text + "\n" } })
        return (status, output.withLock { $0 })
    }

    @Test func `the blog passes every check of a public site`() async {
        let result = await Self.manage(
            ["check", "--deploy", "--fail-level", "info"],
            [
                "SECRET_KEY": (0..<8).map { "part-\($0)." }.joined(), "ALLOWED_HOSTS": "blog.example.org",
                "ENVIRONMENT": "production", "SESSION_COOKIE_SECURE": "true", "CSRF_COOKIE_SECURE": "true",
                "SECURE_SSL_REDIRECT": "true", "SECURE_HSTS_SECONDS": "31536000",
                "SECURE_HSTS_INCLUDE_SUBDOMAINS": "true", "SECURE_HSTS_PRELOAD": "true",
            ])
        #expect(result.output == "No problems found.\n")
        #expect(result.status == 0)
    }

    @Test func `the repository's env example is what manage writes`() async throws {
        let written = try String(contentsOf: Self.root.appendingPathComponent(".env.example"), encoding: .utf8)
        #expect(await Self.manage(["env-example", "-"], [:]).output == written)
    }

    @Test func `the application's service hands on every variable that it reads`() throws {
        let compose = try String(contentsOf: Self.root.appendingPathComponent("docker-compose.yaml"), encoding: .utf8)
        let service = try #require(compose.components(separatedBy: "\n  application:\n").last)
            .components(separatedBy: "\n  nginx:\n")[0]
        let example = try String(contentsOf: Self.root.appendingPathComponent(".env.example"), encoding: .utf8)
        let read = example.components(separatedBy: "\n\n").filter { $0.contains("Read by: application") }
            .compactMap { $0.split(separator: "\n").last?.split(separator: "=")[0].drop { "# ".contains($0) } }
        #expect(read.count > 50)
        for name in read {
            #expect(service.contains("- \(name)=") || service.contains("- \(name)\n"), "\(name)")
        }
    }

    @Test func `migrations run without what only the server needs`() throws {
        let settings = try site.settings(Environment([:]), role: .command)
        #expect(settings.allowedHosts.isEmpty)
    }
}
