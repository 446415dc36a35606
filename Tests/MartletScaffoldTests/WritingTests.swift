import Foundation
import MartletScaffold
import Testing

@Suite struct WritingTests {
    private func withProject(_ operation: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try ProjectScaffold("mysite", framework: .path("../martlet"), secretKey: "k").write(to: folder)
        try operation(folder)
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
    }

    @Test func `programs may be run, and only their owner may read secrets`() throws {
        try withProject { folder in
            for (file, rights) in [(".ci/run", 0o755), (".env", 0o600), (".env.example", 0o644)] {
                let found = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)")
                #expect(found[.posixPermissions] as? Int == rights, "\(file)")
            }
        }
    }

    @Test(arguments: ["m", "my-site", "a-name-of-forty-letters-is-the-longest-x"], [true, false])
    func `no line of a new project is longer than its own formatter allows`(_ name: String, _ hasPages: Bool) throws {
        let project = try ProjectScaffold(name, hasPages: hasPages, framework: .path("../martlet"), secretKey: "k")
            .files
        let app = try AppScaffold("blog", model: "Post", hasPages: hasPages).files
        for file in project + app where file.path.hasSuffix(".swift") {
            for line in file.text.split(separator: "\n") { #expect(line.count <= 120, "\(file.path): \(line)") }
        }
    }

    @Test func `a second project does not overwrite the first`() throws {
        try withProject { folder in
            let before = try text("\(folder)/.env")
            let second = try ProjectScaffold("other", framework: .path("../martlet"), secretKey: "other")
            let error = #expect(throws: ScaffoldError.self) { try second.write(to: folder) }
            #expect(error?.description.hasSuffix("exists already. Move it away, or choose another name.") == true)
            #expect(try text("\(folder)/.env") == before)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/nginx/other.conf"))
        }
    }

    @Test func `apps are wired into the package and the site`() throws {
        try withProject { folder in
            _ = try AppScaffold("blog", model: "Post").write(to: folder)
            _ = try AppScaffold("album", model: "Photo").write(to: folder)
            let site = try text("\(folder)/Sources/Config/Site.swift")
            #expect(site.hasPrefix("import Album\nimport Blog\nimport Home\npublic import Martlet\n"))
            #expect(site.contains("apps: [sessionsApp, homeApp, blogApp, albumApp],"))
            #expect(site.contains("    include(\"blog/\", blogURLs)\n    include(\"album/\", albumURLs)\n}"))
            let package = try text("\(folder)/Package.swift")
            #expect(
                package.contains(".target(name: \"Config\", dependencies: [martlet, \"Home\", \"Blog\", \"Album\"],"))
            #expect(package.contains("name: \"AlbumTests\","))
        }
    }

    @Test func `the same app twice is refused, and nothing changes`() throws {
        try withProject { folder in
            _ = try AppScaffold("blog", model: "Post").write(to: folder)
            let before = try text("\(folder)/Package.swift")
            #expect(throws: ScaffoldError.self) { try AppScaffold("blog", model: "Note").write(to: folder) }
            #expect(try text("\(folder)/Package.swift") == before)
        }
    }

    @Test func `a project whose lists cannot be found is left alone`() throws {
        try withProject { folder in
            try Data("let site = 1\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/Sources/Config/Site.swift"))
            let error = #expect(throws: ScaffoldError.self) { try AppScaffold("blog", model: "Post").write(to: folder) }
            #expect(error?.description.hasPrefix("Sources/Config/Site.swift has lost the lines") == true)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/Sources/Blog"))
        }
        #expect(throws: ScaffoldError.self) { try AppScaffold("blog", model: "Post").write(to: "/nowhere") }
    }
}
