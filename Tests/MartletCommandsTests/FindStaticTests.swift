import FoundationEssentials
import MartletCommands
import MartletSite
import Testing

@Suite struct FindStaticTests {
    private func site() throws -> (CommandSite, Site) {
        let desk = try CommandSite()
        for path in ["A/blog/blog.css", "B/blog/blog.css", "B/only.txt"] {
            let file = desk.folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(path.utf8).write(to: file)
        }
        var site = desk.site
        site.staticFiles = ["A", "B"]
        return (desk, site)
    }

    @Test func `the file that is served comes first`() async throws {
        let (desk, site) = try site()
        let folder = desk.folder.path
        let both = await desk.manage(["findstatic", "blog/blog.css"], of: site)
        #expect(
            both.output == "Found 'blog/blog.css' here:\n  \(folder)/A/blog/blog.css\n  \(folder)/B/blog/blog.css")
        let first = await desk.manage(["findstatic", "blog/blog.css", "only.txt", "--first"], of: site)
        #expect(first.output == "\(folder)/A/blog/blog.css\n\(folder)/B/only.txt")
    }

    @Test(arguments: [
        ("none.css", 1), ("blog", 1), ("../A/blog/blog.css", 2), ("/etc/passwd", 2), ("a//b", 2), ("", 2), ("a\0b", 2),
        ("./only.txt", 2), ("'\"; DROP TABLE x; -- \\ % 😀", 1),
    ])
    func `what is not there, or leads elsewhere, is refused`(_ name: String, _ status: Int32) async throws {
        let (desk, site) = try site()
        let result = await desk.manage(["findstatic", "--", name], of: site)
        #expect(result.status == status, "\(result.output)")
        #expect(result.errors.hasPrefix("manage findstatic: "))
    }
}
