extension AppScaffold {
    private var folder: String { "Sources/\(app.type)" }

    var appFile: ScaffoldFile {
        ScaffoldFile(
            "\(folder)/\(app.type).swift",
            """
            public import Martlet

            /// The app as the site lists it.
            public let \(app.variable)App = App(
                "\(app.snake)", models: [\(model.type).self], migrations: \(app.variable)Migrations)
            """)
    }

    var modelsFile: ScaffoldFile {
        ScaffoldFile(
            "\(folder)/Models.swift",
            #"""
            public import FoundationEssentials
            public import Martlet

            /// What the table `\#(app.snake)_\#(model.type.lowercased())` has a row of.
            public struct \#(model.type): Model {
                public var id = UUID.v7()
                public var title = ""
                public var body = ""
                public var createdAt = Date.now
                public var updatedAt = Date.now

                public init() {}

                public init(title: String, body: String = "") {
                    self.title = title
                    self.body = body
                }

                /// The id as it stands in addresses.
                public var shortID: ShortUUID { ShortUUID(id) }

                public var templateText: String { title }

                public func templateProperty(_ name: String) -> (any TemplateConvertible)? {
                    name == "short_id" ? shortID.description : nil
                }

                public static let table = Table<\#(model.type)>(
                    .uuid(\.id, primaryKey: true),
                    .char(\.title, maxLength: 200),
                    .text(\.body),
                    .dateTime(\.createdAt, autoNowAdd: true),
                    .dateTime(\.updatedAt, autoNow: true),
                    ordering: [.descending(\.createdAt), .descending(\.id)]
                )
            }
            """#)
    }

    var viewsFile: ScaffoldFile {
        ScaffoldFile(
            "\(folder)/Views.swift",
            """
            import Martlet

            /// The newest, twenty at a time.
            func \(model.variable)List(_ request: Request) async throws -> Response {
                let page = try await \(model.type).objects.page(for: request, size: 20)
                return try render(request, "\(app.snake)/\(model.snake)_list.html", ["page": page])
            }

            /// One with its text.
            func \(model.variable)Detail(_ request: Request, id: ShortUUID) async throws -> Response {
                let \(model.variable) = try await \(model.type).objects.getOr404 { $0.id == id.uuid }
                return try render(
                    request, "\(app.snake)/\(model.snake)_detail.html", ["\(model.snake)": \(model.variable)])
            }
            """)
    }

    var apiFile: ScaffoldFile {
        ScaffoldFile(
            "\(folder)/API.swift",
            #"""
            import Martlet

            let \#(model.variable)Serializer = Serializer<\#(model.type)>(
                .field(\.id),
                .field(\.title),
                .field(\.body),
                .field(\.createdAt),
                .field(\.updatedAt)
            )

            /// The newest, in pages.
            func api\#(model.type)List(_ request: Request) async throws -> Response {
                try await paginate(\#(model.type).objects, request, with: \#(model.variable)Serializer)
            }

            /// One object.
            func api\#(model.type)Detail(_ request: Request, id: ShortUUID) async throws -> Response {
                let \#(model.variable) = try await \#(model.type).objects.getOr404 { $0.id == id.uuid }
                return try \#(model.variable)Serializer.response(\#(model.variable))
            }
            """#)
    }

    var urlsFile: ScaffoldFile {
        let pages = [
            #"path("", \#(model.variable)List, name: "\#(model.kebab)-list").methods(.get)"#,
            #"path("\#(model.kebab)s/<shortuuid:id>/", \#(model.variable)Detail, name: "\#(model.kebab)-detail").methods(.get)"#,
        ]
        let api = [
            #"path("api/\#(model.kebab)s/", api\#(model.type)List, name: "api-\#(model.kebab)-list").methods(.get)"#,
            #"path("api/\#(model.kebab)s/<shortuuid:id>/", api\#(model.type)Detail, name: "api-\#(model.kebab)-detail")"#
                + "\n        .methods(.get)",
        ]
        let lines = ((hasPages ? pages : []) + api).map { "    \($0)" }.joined(separator: "\n")
        return ScaffoldFile(
            "\(folder)/URLs.swift",
            """
            public import Martlet

            /// The app's addresses, below those that the site gives it.
            public let \(app.variable)URLs = URLs(namespace: "\(app.snake)") {
            \(lines)
            }
            """)
    }

    var migrationsFile: ScaffoldFile {
        ScaffoldFile(
            "\(folder)/Migrations/Migrations.swift",
            """
            import Martlet

            let \(app.variable)Migrations = Migrations(
                app: "\(app.snake)",
                [
                    .\(app.variable)0001Initial
                ])
            """)
    }

    var initialMigrationFile: ScaffoldFile {
        ScaffoldFile(
            "\(folder)/Migrations/0001_initial.swift",
            """
            import Martlet

            extension Migration {
                static let \(app.variable)0001Initial = Migration("0001_initial") {
                    CreateModel(
                        "\(model.type)",
                        fields: [
                            .init("id", .uuid, primaryKey: true),
                            .init("title", .char(maxLength: 200)),
                            .init("body", .text),
                            .init("created_at", .dateTime),
                            .init("updated_at", .dateTime),
                        ])
                }
            }
            """)
    }
}
