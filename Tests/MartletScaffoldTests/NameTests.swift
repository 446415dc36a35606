import MartletScaffold
import Testing

@Suite struct NameTests {
    static let hostile = [
        "", " ", "1blog", "-blog", "blog/../..", "/etc/passwd", "blög", "bl\0g", "a b", "'\"; DROP TABLE x; --", "\\",
        "%", "😀",
        "..", ".", "class", "import", "Config", "manage", "martlet", "testing", "string", "Home\n", "_", "-", "page",
        String(repeating: "a", count: 41),
    ]

    @Test(arguments: hostile) func `what cannot be a name is refused`(_ name: String) {
        #expect(throws: ScaffoldError.self) { try AppScaffold(name, model: "Post") }
        #expect(throws: ScaffoldError.self) { try AppScaffold("blog", model: name) }
        #expect(throws: ScaffoldError.self) {
            try ProjectScaffold(name, framework: .path("../martlet"), secretKey: "k")
        }
    }

    @Test(arguments: ["a\"b", "a\\b", "a\nb", "a\0b"]) func `a place of Martlet that would end its text is refused`(
        _ place: String
    ) {
        #expect(throws: ScaffoldError.self) { try ProjectScaffold("mysite", framework: .path(place), secretKey: "k") }
        #expect(throws: ScaffoldError.self) {
            try ProjectScaffold("mysite", framework: .repository(place, branch: "main"), secretKey: "k")
        }
        #expect(throws: ScaffoldError.self) { try ProjectScaffold("mysite", framework: .path("m"), secretKey: place) }
    }

    @Test(arguments: [
        ("blog", "Post", "Sources/Blog/Models.swift", "Templates/blog/post_list.html"),
        ("photo-album", "PhotoPage", "Sources/PhotoAlbum/Models.swift", "Templates/photo_album/photo_page_list.html"),
        ("photoAlbum", "photo_page", "Sources/PhotoAlbum/Models.swift", "Templates/photo_album/photo_page_list.html"),
    ])
    func `a name is spelt as each place wants it`(
        _ app: String, _ model: String, _ source: String, _ template: String
    ) throws {
        let paths = try AppScaffold(app, model: model).files.map(\.path)
        #expect(paths.contains(source) && paths.contains(template))
    }

    @Test func `an app and its model have names of their own`() {
        let error = #expect(throws: ScaffoldError.self) { try AppScaffold("post", model: "Post") }
        #expect(error?.description == "The app and its model cannot both be called 'post'. Choose another --model.")
    }
}
