extension AppScaffold {
    private var folder: String { "Tests/\(app.type)Tests" }

    var testSiteFile: ScaffoldFile {
        // Swift Testing has types of these names too.
        let shadowed = ["Attachment", "Bug", "Comment", "Confirmation", "Issue", "Tag", "Test", "Trait"]
        let alias = """


            // Swift Testing has a type of this name too; in these tests it is the app's.
            typealias \(model.type) = \(app.type).\(model.type)
            """
        return TestSiteFile.file(
            in: folder, app: app.type, modules: [app.type], tail: shadowed.contains(model.type) ? alias : "")
    }

    var apiTestsFile: ScaffoldFile {
        ScaffoldFile(
            "\(folder)/APITests.swift",
            """
            import \(app.type)
            import Martlet
            import MartletTesting
            import Testing

            @Suite(.database) struct APITests {
                @Test func `the list comes in pages`() async throws {
                    for number in 1...3 { try await \(model.type).objects.create(\(model.type)(title: "Number \\(number)")) }
                    let response = try await TestClient().get(try reverse("\(app.snake):api-\(model.kebab)-list"))
                    #expect(response.status == .ok)
                    #expect(try response.json["count"]?.intValue == 3)
                }

                @Test func `one of them is one object`() async throws {
                    let \(model.variable) = try await \(model.type).objects.create(\(model.type)(title: "Tea & cake"))
                    let path = try reverse("\(app.snake):api-\(model.kebab)-detail", \(model.variable).shortID)
                    let json = try await TestClient().get(path).json
                    #expect(json["title"]?.stringValue == "Tea & cake")
                }

                @Test func `what is not there is not found`() async throws {
                    let path = try reverse("\(app.snake):api-\(model.kebab)-detail", ShortUUID(.v7()))
                    #expect(try await TestClient().get(path).status == .notFound)
                }
            }
            """)
    }

    var pageTestsFile: ScaffoldFile {
        ScaffoldFile(
            "\(folder)/PageTests.swift",
            """
            import \(app.type)
            import Martlet
            import MartletTesting
            import Testing

            @Suite(.database) struct PageTests {
                @Test func `the list names them, escaped`() async throws {
                    try await \(model.type).objects.create(\(model.type)(title: "Tea & <cake>"))
                    let response = try await TestClient().get(try reverse("\(app.snake):\(model.kebab)-list"))
                    #expect(response.status == .ok)
                    #expect(response.text.contains("Tea &amp; &lt;cake&gt;"))
                }

                @Test func `an empty list says so`() async throws {
                    let response = try await TestClient().get(try reverse("\(app.snake):\(model.kebab)-list"))
                    #expect(response.text.contains("There is nothing yet."))
                }

                @Test func `one of them has a page`() async throws {
                    let \(model.variable) = try await \(model.type).objects.create(\(model.type)(title: "Tea", body: "With milk."))
                    let path = try reverse("\(app.snake):\(model.kebab)-detail", \(model.variable).shortID)
                    #expect(try await TestClient().get(path).text.contains("<p>With milk.</p>"))
                }
            }
            """)
    }
}

/// The file of a test target that says which site is tested.
enum TestSiteFile {
    static func file(in folder: String, app: String, modules: [String], tail: String) -> ScaffoldFile {
        let imports = (modules + ["Config", "FoundationEssentials", "Martlet", "MartletTesting", "Testing"]).sorted()
        return ScaffoldFile(
            "\(folder)/\(app)Site.swift",
            imports.map { "import \($0)" }.joined(separator: "\n")
                + """


                /// The project's folder: templates are found from here, wherever the tests are started.
                let projectFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                    .deletingLastPathComponent().path

                let testSite: TestSite = {
                    var site = site
                    site.folder = projectFolder
                    return TestSite(site)
                }()

                extension Trait where Self == DatabaseTrait {
                    /// Each test in a transaction that is rolled back.
                    static var database: Self { testSite.database }
                }
                """ + tail)
    }
}
