import Foundation
import MartletScaffold
import Testing

/// The example blog is laid out as a new project is, and a new project as the blog.
@Suite struct LayoutTests {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// What a folder of the blog has more than a new project's, and why.
    private static let more: [String: [String]] = [
        "": [],
        // Users of its own: a second app.
        "Sources": ["Accounts"],
        "Sources/Blog": ["CommentForm.swift", "TagCloud.swift"],
        "Sources/Blog/Migrations": ["0002_timestamps.swift"],
        "Sources/Config": [], "Sources/Manage": [], "nginx": [], ".ci": [], "Tests": [],
        // What the repository tries with the built program and with nginx.
        "Tests/BlogTests": [
            "CommentTests.swift", "CompletionShellTests.swift", "DeploymentTests.swift", "ManageProcessTests.swift",
            "NginxTests.swift", "ProgramCallTests.swift", "PseudoTerminal.swift", "RunServerTests.swift",
            "TerminalTests.swift", "WholePathTests.swift",
        ],
        // Pages that a site may give a look of its own.
        "Templates": ["400.html", "403.html", "403_csrf.html"],
        "Templates/blog": [
            "_comment.html", "_comment_form.html", "_pagination.html", "_post_card.html", "_post_tags.html",
            "_tag_cloud.html", "archive_index.html", "archive_year.html", "tag_detail.html",
        ],
        // The app that every project begins with is the blog itself there.
        "Static": ["blog"],
    ]

    /// Files and folders directly in a folder, by their paths.
    private func names(in folder: String, of paths: [String]) -> Set<String> {
        let prefix = folder.isEmpty ? "" : folder + "/"
        return Set(
            paths.filter { $0.hasPrefix(prefix) }.map { path in
                String(path.dropFirst(prefix.count).prefix { $0 != "/" })
            })
    }

    /// The example is deployed from the top of the repository.
    private func namesInBlog(_ folder: String) throws -> Set<String> {
        let places = ["nginx", ".ci"].contains(folder) ? [""] : ["Examples/Blog/"]
        return try Set(
            places.flatMap { place in
                try FileManager.default.contentsOfDirectory(
                    atPath: Self.repository.appendingPathComponent(place + folder).path)
            }.filter { !$0.hasPrefix(".build") && $0 != "Package.resolved" && !$0.contains(".sqlite3") })
    }

    private var project: [String] {
        get throws {
            let project = try ProjectScaffold("blog", framework: .path("../.."), secretKey: "k").files
            let app = try AppScaffold("blog", model: "Post").files
            // The app that every project begins with is the blog itself there, and `.env` is each machine's own.
            let own = { (path: String) in path.contains("/Home") || path.contains("/home/") || path == ".env" }
            return (project + app).map(\.path).filter { !own($0) }
        }
    }

    @Test(arguments: LayoutTests.more.keys.filter { !$0.isEmpty }.sorted())
    func `a folder of the blog has what a new project has in it, and what is listed here`(_ folder: String) throws {
        let more = try #require(Self.more[folder])
        let expected = names(in: folder, of: try project)
        #expect(try namesInBlog(folder) == expected.union(more))
        #expect(expected.isDisjoint(with: more), "what a new project has is no exception")
    }

    @Test func `every folder of a new project is compared`() throws {
        let folders = try Set(
            project.filter { $0.contains("/") }.map { path in
                path.split(separator: "/").dropLast().joined(separator: "/")
            })
        #expect(folders.subtracting(Self.more.keys) == [])
    }

    @Test func `at the top both have the same files, but for rows to load and units of systemd`() throws {
        let expected = names(in: "", of: try project)
        let top = try FileManager.default.contentsOfDirectory(atPath: Self.repository.path)
        let blog = try namesInBlog("")
        #expect(expected.subtracting(blog).subtracting(top) == [])
        #expect(blog.subtracting(expected) == ["Fixtures", "deploy", "Static"])
    }

    @Test func `the proxy of the blog is that of every site`() throws {
        let file = try #require(
            try ProjectScaffold("blog", framework: .path("../.."), secretKey: "k").files
                .first { $0.path == "nginx/blog.conf" })
        let own = try String(contentsOf: Self.repository.appendingPathComponent("nginx/blog.conf"), encoding: .utf8)
        #expect(file.text == own)
    }

    /// The services of a compose file, each with the keys directly below it and the names of its variables.
    private func services(_ compose: String) -> [String: (keys: Set<String>, variables: Set<String>)] {
        var services: [String: (keys: Set<String>, variables: Set<String>)] = [:]
        var service = ""
        var key = ""
        let lines = compose.split(separator: "\n")
        for line in lines.drop(while: { $0 != "services:" }).dropFirst().prefix(while: { $0.hasPrefix(" ") }) {
            if let match = line.firstMatch(of: /^  ([a-z]+):$/) {
                service = String(match.1)
                services[service] = ([], [])
            } else if let match = line.firstMatch(of: /^    ([a-z_]+):/) {
                key = String(match.1)
                services[service]?.keys.insert(key)
            } else if key == "environment", let match = line.firstMatch(of: /^      - ([A-Z_]+)/) {
                services[service]?.variables.insert(String(match.1))
            }
        }
        return services
    }

    @Test(arguments: [true, false])
    func `the services of a new project have what those of the blog have`(_ hasPages: Bool) throws {
        let file = try #require(
            try ProjectScaffold("blog", hasPages: hasPages, framework: .path("../.."), secretKey: "k").files
                .first { $0.path == "docker-compose.yaml" })
        let blog = Self.repository.appendingPathComponent("docker-compose.yaml")
        let (own, expected) = (services(file.text), services(try String(contentsOf: blog, encoding: .utf8)))
        #expect(Set(own.keys) == ["migrate", "application", "nginx", "postgresql", "memcached"])
        #expect(Set(own.keys) == Set(expected.keys))
        for (name, service) in own {
            #expect(service.keys == expected[name]?.keys, "\(name)")
            #expect(service.variables == expected[name]?.variables, "\(name)")
            #expect(service.keys.contains(name == "migrate" ? "command" : "healthcheck"), "\(name)")
        }
    }

    @Test func `the example of the environment names what the blog's names`() throws {
        func names(_ text: String) -> Set<String> {
            Set(text.matches(of: /(?m)^(?:# )?([A-Z][A-Z0-9_]+)=/).map { String($0.1) })
        }
        let file = try #require(
            try ProjectScaffold("blog", framework: .path("../.."), secretKey: "k").files
                .first { $0.path == ".env.example" })
        let blog = Self.repository.appendingPathComponent(".env.example")
        let (own, expected) = (names(file.text), names(try String(contentsOf: blog, encoding: .utf8)))
        #expect(own.count > 100 && own.isSuperset(of: ["TZ", "MEMCACHED_MEMORY", "NGINX_PORT"]))
        // The blog keeps its rows in SQLite unless told. A new project's are in PostgreSQL, which is made with what the
        // site logs in with: APP_DB_USER, APP_DB_PASSWORD and APP_DB_NAME.
        #expect(expected.subtracting(own) == ["POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"])
        #expect(own.subtracting(expected) == [])
    }

    @Test func `a project for JSON has neither templates nor static files`() throws {
        let files = try ProjectScaffold("api-site", hasPages: false, framework: .path("../m"), secretKey: "k").files
        #expect(!files.contains { $0.path.hasPrefix("Templates/") || $0.path.hasPrefix("Static/") })
        #expect(!files.contains { $0.path.hasSuffix(".swift") && $0.text.contains("\"Templates\"") })
        let app = try AppScaffold("blog", model: "Post", hasPages: false).files
        #expect(!app.contains { $0.path.hasPrefix("Templates/") || $0.path.hasSuffix("Views.swift") })
    }
}
