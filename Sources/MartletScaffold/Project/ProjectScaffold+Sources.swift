extension ProjectScaffold {
    var packageFile: ScaffoldFile {
        ScaffoldFile(
            "Package.swift",
            """
            // swift-tools-version: 6.2
            import PackageDescription

            let martlet: Target.Dependency = .product(name: "Martlet", package: "martlet")

            let settings: [SwiftSetting] = [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]

            let package = Package(
                name: "\(name.kebab)",
                products: [.executable(name: "manage", targets: ["Manage"])],
                dependencies: [\(framework.dependency)],
                targets: [
                    .target(name: "Home", dependencies: [martlet], swiftSettings: settings),
                    .target(name: "Config", dependencies: [martlet, "Home"], swiftSettings: settings),
                    .executableTarget(name: "Manage", dependencies: [martlet, "Config"], swiftSettings: settings),
                    .testTarget(
                        name: "HomeTests",
                        dependencies: [martlet, "Config", .product(name: "MartletTesting", package: "martlet")],
                        swiftSettings: settings),
                ],
                swiftLanguageModes: [.v6]
            )
            """)
    }

    var siteFile: ScaffoldFile {
        let folders = hasPages ? "" : ",\n    templates: [],\n    staticFiles: []"
        return ScaffoldFile(
            "Sources/Config/Site.swift",
            """
            import Home
            public import Martlet

            /// The whole site: its apps, its addresses, and where its templates and static files lie.
            public let site = Site(
                apps: [sessionsApp, homeApp],
                urls: siteURLs,
                settings: makeSettings\(folders),
                services: services
            )

            private let siteURLs = URLs {
                include("", healthURLs)
                include("", homeURLs)
            }
            """)
    }

    var manageFile: ScaffoldFile {
        ScaffoldFile(
            "Sources/Manage/Manage.swift",
            """
            import Config
            import Martlet

            @main
            struct Manage {
                static func main() async {
                    await manage(site)
                }
            }
            """)
    }

    var homeAppFile: ScaffoldFile {
        ScaffoldFile(
            "Sources/Home/Home.swift",
            """
            public import Martlet

            /// The front page.
            public let homeApp = App("home")
            """)
    }

    var homeViewsFile: ScaffoldFile {
        let body =
            hasPages
            ? #"    try render(request, "home/home.html", ["address": request.path])"#
            : #"    try Response.json(["name": "\#(name.kebab)"])"#
        return ScaffoldFile(
            "Sources/Home/Views.swift",
            """
            import Martlet

            /// The front page.
            func home(_ request: Request) async throws -> Response {
            \(body)
            }
            """)
    }

    var homeURLsFile: ScaffoldFile {
        ScaffoldFile(
            "Sources/Home/URLs.swift",
            """
            public import Martlet

            /// The addresses at the top of the site.
            public let homeURLs = URLs(namespace: "home") {
                path("", home, name: "home").methods(.get)
            }
            """)
    }

    var homeTestSiteFile: ScaffoldFile {
        TestSiteFile.file(in: "Tests/HomeTests", app: "Home", modules: [], tail: "")
    }

    var homeTestsFile: ScaffoldFile {
        let expectation =
            hasPages
            ? #"#expect(response.text.contains("<h1>\#(name.type)</h1>"))"#
            : #"#expect(try response.json == ["name": "\#(name.kebab)"])"#
        return ScaffoldFile(
            "Tests/HomeTests/\(hasPages ? "PageTests" : "APITests").swift",
            """
            import Config
            import Martlet
            import MartletTesting
            import Testing

            @Suite(.database) struct HomeTests {
                @Test func `the front page greets`() async throws {
                    let response = try await TestClient().get("/")
                    #expect(response.status == .ok)
                    \(expectation)
                }

                @Test func `the site says that it lives`() async throws {
                    #expect(try await TestClient().get("/live/").status == .ok)
                }
            }
            """)
    }
}
