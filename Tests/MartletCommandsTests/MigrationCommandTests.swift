import FoundationEssentials
import MartletCommands
import MartletMigrations
import MartletORM
import MartletSite
import Synchronization
import Testing

/// `makemigrations`, `squashmigrations` and `optimizemigration`, as Django's `tests/migrations/test_commands.py` has them.
@Suite struct MigrationCommandTests {
    /// A site whose app has a folder of migrations with an index that can be written.
    private struct Desk {
        private let host: CommandSite
        private let site: Site
        private let url: URL

        var folder: String { url.path }

        init(_ migrations: Migration...) throws {
            host = try CommandSite()
            url = host.folder.appendingPathComponent("Migrations")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            let index = url.appendingPathComponent("Migrations.swift")
            let listed = migrations.map { "        .\(MigrationDraft(app: "desk", migration: $0).property)," }
            let text = (["let deskMigrations = Migrations(", "    app: \"desk\",", "    ["] + listed + ["    ])\n"])
            try Data(text.joined(separator: "\n").utf8).write(to: index)
            var site = host.site
            site.apps = [
                App("desk", models: [Article.self], migrations: Migrations(app: "desk", migrations, file: index.path))
            ]
            self.site = site
        }

        func manage(_ line: String...) async -> CommandResult { await host.manage(line, of: site) }

        func manage(_ line: [String]) async -> CommandResult { await host.manage(line, of: site) }

        /// Runs `manage` at a terminal where somebody gives these answers, one after the other.
        func manage(_ line: [String], answering answers: [String]) async -> (CommandResult, asked: [String]) {
            let terminal = Typist(answers)
            let result = await host.manage(line, of: site, ask: terminal.answer)
            return (result, terminal.asked)
        }

        func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }

        func read(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: url.appendingPathComponent(name)), as: UTF8.self)
        }

        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: url.appendingPathComponent(name))
        }
    }

    /// Somebody at a terminal, who answers what is asked until there are no more answers.
    private final class Typist: Sendable {
        private let state: Mutex<(answers: [String], asked: [String])>

        init(_ answers: [String]) { state = Mutex((answers, [])) }

        var asked: [String] { state.withLock { $0.asked } }

        @Sendable func answer(_ question: String) -> String? {
            state.withLock { state in
                state.asked.append(question)
                return state.answers.isEmpty ? nil : state.answers.removeFirst()
            }
        }
    }

    /// The model as it is now.
    struct Article: Model {
        var id = 0
        var heading = ""
        var made = Date.now

        static let appLabel = "desk"
        static let table = Table<Article>(.auto(\.id), .char(\.heading, maxLength: 50), .dateTime(\.made))
    }

    private static let first = Migration("0001_initial") {
        CreateModel(
            "Article",
            fields: [
                .init("id", .auto, primaryKey: true), .init("title", .char(maxLength: 50)), .init("made", .dateTime),
            ])
    }

    private static let whole = Migration("0001_initial") {
        CreateModel(
            "Article",
            fields: [
                .init("id", .auto, primaryKey: true), .init("heading", .char(maxLength: 50)), .init("made", .dateTime),
            ])
    }

    // MARK: Renames and defaults

    @Test func `what seems renamed is refused where nobody answers, and told by an option`() async throws {
        let desk = try Desk(Self.first)
        let refused = await desk.manage("makemigrations", "--no-input")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("Was 'desk.Article.title' renamed to 'desk.Article.heading'? If so, run"))
        #expect(try desk.files() == ["Migrations.swift"])
        #expect(await desk.manage("makemigrations", "--check").errors.contains("Models and migrations differ"))
        let told = await desk.manage("makemigrations", "--rename", "desk.Article.title:heading")
        #expect(told.status == 0, "\(told.errors)")
        let name = "0002_rename_title_article_heading.swift"
        #expect(try desk.files() == [name, "Migrations.swift"])
        #expect(try desk.read(name).contains(#"RenameField("Article", "title", to: "heading")"#))
        #expect(
            try desk.read("Migrations.swift").contains(
                "        .desk0001Initial,\n        .desk0002RenameTitleArticleHeading,\n"))
    }

    @Test func `with --no-renames the one goes and the other comes`() async throws {
        let desk = try Desk(Self.first)
        let result = await desk.manage("makemigrations", "--no-renames")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("  - Remove field title from article\n  - Add field heading to article"))
        #expect(try desk.files().count == 2)
    }

    @Test func `at a terminal the question is asked until it is answered`() async throws {
        let desk = try Desk(Self.first)
        let (result, asked) = await desk.manage(["makemigrations"], answering: ["perhaps", "y"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            asked == Array(repeating: "Was 'desk.Article.title' renamed to 'desk.Article.heading'? [y/N]", count: 2))
        #expect(try desk.files().first == "0002_rename_title_article_heading.swift")
        let other = try Desk(Self.first)
        let (no, _) = await other.manage(["makemigrations", "--dry-run"], answering: ["n"])
        #expect(no.output.contains("Remove field title from article"))
        let (silent, _) = await other.manage(["makemigrations", "--dry-run"], answering: [])
        #expect(silent.status == 1, "the end of input answers nothing")
    }

    private static let bare = Migration("0001_initial") {
        CreateModel(
            "Article", fields: [.init("id", .auto, primaryKey: true), .init("heading", .char(maxLength: 50))])
    }

    @Test(arguments: ["made=now", "Article.made=now", "desk.Article.made=2026-01-31 09:05:00"])
    func `what existing rows get is told by an option`(_ option: String) async throws {
        let desk = try Desk(Self.bare)
        let refused = await desk.manage("makemigrations", "--no-input")
        #expect(refused.errors.contains("'desk.Article.made' is new and may not be null. What do existing rows get?"))
        let told = await desk.manage("makemigrations", "--default", option)
        #expect(told.status == 0, "\(told.errors)")
        let value = option.hasSuffix("now") ? ".now" : #".dateTime("2026-01-31 09:05:00")"#
        #expect(
            try desk.read("0002_article_made.swift").contains(
                #"AddField("Article", .init("made", .dateTime), default: \#(value))"#))
    }

    @Test(arguments: [
        ("made", "'--default made' has no form FIELD=VALUE, such as blog.Post.rank=5."),
        ("=now", "'--default =now' has no form FIELD=VALUE, such as blog.Post.rank=5."),
        ("made=never", "'--default made=never' does not fit the field. It takes now, or a moment in UTC"),
        ("made=now'; DROP TABLE x; --", "does not fit the field."),
        ("colour=red", "'desk.Article.made' is new and may not be null."),
    ])
    func `a default that does not fit is refused`(_ option: String, _ text: String) async throws {
        let desk = try Desk(Self.bare)
        let result = await desk.manage("makemigrations", "--default", option)
        #expect(result.status != 0)
        #expect(result.errors.contains(text), "\(result.errors)")
        #expect(try desk.files() == ["Migrations.swift"])
    }

    @Test func `a default that answers nothing is refused`() async throws {
        let desk = try Desk(Self.bare)
        let result = await desk.manage("makemigrations", "--default", "made=now", "--default", "colour=red")
        #expect(result.status == 1)
        #expect(result.errors.contains("'--default colour=red' answers no question"))
        #expect(try desk.files() == ["Migrations.swift"])
    }

    // MARK: Files

    @Test func `--dry-run shows the migration, and of the index only the new line`() async throws {
        let desk = try Desk(Self.bare)
        let dry = await desk.manage("makemigrations", "--dry-run", "--default", "made=now", "--name", "dates")
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.contains("// \(desk.folder)/0002_dates.swift\nimport Martlet\n"))
        #expect(dry.output.contains("// \(desk.folder)/Migrations.swift would list .desk0002Dates"))
        #expect(!dry.output.contains("Migrations(\n"))
        #expect(try desk.files() == ["Migrations.swift"])
    }

    @Test func `--empty writes a migration to be filled by hand`() async throws {
        let desk = try Desk(Self.whole)
        #expect(await desk.manage("makemigrations").output == "No changes detected.")
        #expect(await desk.manage("makemigrations", "--empty").status == 2)
        #expect(await desk.manage("makemigrations", "--empty", "shop").errors.contains("There is no app 'shop'"))
        let result = await desk.manage("makemigrations", "--empty", "desk", "--name", "fill_slugs")
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            try desk.read("0002_fill_slugs.swift") == """
                import Martlet

                extension Migration {
                    static let desk0002FillSlugs = Migration("0002_fill_slugs", dependencies: ["desk.0001_initial"]) {
                        // Operations, one below the other: RunSQL(…, reverse: …), RunSwift(reverse: …) { data in … }
                    }
                }

                """)
    }

    @Test func `--update puts the change into the last migration, folded`() async throws {
        let desk = try Desk(Self.bare)
        try desk.write("// the old text\n", to: "0001_initial.swift")
        let result = await desk.manage("makemigrations", "--update", "--default", "made=now")
        #expect(result.status == 0, "\(result.errors)")
        let text = try desk.read("0001_initial.swift")
        #expect(text.contains(#".init("made", .dateTime),"#))
        #expect(!text.contains("AddField"))
        #expect(try desk.files() == ["0001_initial.swift", "Migrations.swift"])
    }

    @Test func `a migration in a file that nobody lists is noticed`() async throws {
        let desk = try Desk(Self.whole)
        let text = """
            import Martlet

            extension Migration {
                // static let desk0002Draft = Migration("0002_draft") {}
                static let desk0002Lost = Migration(
                    "0002_lost", dependencies: ["desk.0001_initial"]
                ) {
                }
            }
            """
        try desk.write(text, to: "0002_lost.swift")
        for line in [["makemigrations"], ["check"], ["squashmigrations", "desk", "0001"]] {
            let result = await desk.manage(line)
            #expect(result.status == 1)
            #expect(
                (result.output + result.errors).contains(
                    "\(desk.folder)/0002_lost.swift:5: The migration 'desk.0002_lost' is not in the list of 'desk'. "
                        + "Write `.desk0002Lost` into \(desk.folder)/Migrations.swift, or delete the file."))
        }
        let head = String(try desk.read("Migrations.swift").split(separator: "    ])")[0])
        let index = head + "        .desk0002Lost,\n    ])\n"
        try desk.write(index, to: "Migrations.swift")
        let built = await desk.manage("makemigrations")
        #expect(built.errors.contains("is listed, and the program was built before it was. Build again."))
    }

    @Test func `a migration that names the type of a model is refused with file and line`() async throws {
        let desk = try Desk(Self.whole)
        let text = """
            import Martlet

            extension Migration {
                static let desk0001Initial = Migration("0001_initial") {
                    // Article.objects is only mentioned here, as is "Article" there.
                    /* Article /* Article */ */
                    CreateModel("Article", fields: [.init(#"Article"#, .auto, primaryKey: true)])
                    RunSQL("UPDATE \\(Article.table)", reverse: .nothing)
                    RunSwift(reverse: .nothing) { data in
                        try await data.model("Article").count(); x.Article; .Article; ArticleKind()
                        try await Desk.Article.objects.delete()
                    }
                }
            }
            """
        try desk.write(text, to: "0001_initial.swift")
        try desk.write("let all = Article.objects  // no migration", to: "Queries.swift")
        let result = await desk.manage("check")
        #expect(result.status == 1)
        let lines = result.output.split(separator: "\n").filter { $0.contains("migrations.E004") }
        #expect(lines.count == 2, "\(result.output)")
        for (line, number) in zip(lines, [8, 11]) {
            #expect(
                line.contains(
                    "\(desk.folder)/0001_initial.swift:\(number): A migration names the type 'Article' of a model"))
        }
    }

    // MARK: Squashing and merging

    private static let second = Migration("0002_made", dependencies: ["desk.0001_initial"]) {
        AddField("Article", .init("made", .dateTime), default: .now)
    }

    @Test func `several migrations become one that is listed beside them`() async throws {
        let desk = try Desk(Self.bare, Self.second)
        let result = await desk.manage("squashmigrations", "desk", "0002", "--no-input")
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.output.hasPrefix(
                """
                Will squash the following migrations:
                  - 0001_initial
                  - 0002_made
                Optimized from 2 operations to 1.
                Wrote \(desk.folder)/0001_squashed_0002_made.swift
                """))
        #expect(
            try desk.read("0001_squashed_0002_made.swift").contains(
                """
                    static let desk0001Squashed0002Made = Migration(
                        "0001_squashed_0002_made", replaces: ["desk.0001_initial", "desk.0002_made"]
                    ) {
                """))
        #expect(try desk.read("Migrations.swift").contains(".desk0001Squashed0002Made,"))
        let again = await desk.manage("squashmigrations", "desk", "0002", "--no-input")
        #expect(again.status == 1, "the file is there already")
    }

    @Test func `squashing can be called off, named, and done without folding`() async throws {
        let desk = try Desk(Self.bare, Self.second)
        let nobody = await desk.manage("squashmigrations", "desk", "0002")
        #expect(nobody.status == 2)
        #expect(nobody.errors.contains("Say --no-input where nobody can be asked."))
        #expect(try desk.files() == ["Migrations.swift"])
        let (off, asked) = await desk.manage(["squashmigrations", "desk", "0002"], answering: ["no"])
        #expect(off.output.hasSuffix("Nothing was written."))
        #expect(asked == ["Do you wish to proceed? [y/N]"])
        let line = ["squashmigrations", "desk", "0001", "0002", "--no-optimize", "--squashed-name", "all"]
        let (done, _) = await desk.manage(line, answering: ["y"])
        #expect(done.status == 0, "\(done.errors)")
        #expect(try desk.read("0001_all.swift").contains("AddField("))
    }

    /// A command line that is refused, and its status.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let line: String
        let status: Int32
        var testDescription: String { line }

        init(_ line: String, _ status: Int32) {
            self.line = line
            self.status = status
        }
    }

    static let refusals: [Refusal] = [
        Refusal("squashmigrations", 2),
        Refusal("squashmigrations desk", 2),
        Refusal("squashmigrations desk a b c", 2),
        Refusal("squashmigrations shop 0001", 1),
        Refusal("squashmigrations desk 0009", 1),
        Refusal("squashmigrations desk 0002 0001", 1),
        Refusal("squashmigrations desk 0001 --squashed-name ../x", 1),
        Refusal("optimizemigration desk", 2),
        Refusal("optimizemigration desk 0009", 1),
        Refusal("optimizemigration shop 1", 1),
    ]

    @Test(arguments: refusals)
    func `what cannot be squashed or folded is refused`(_ refusal: Refusal) async throws {
        let desk = try Desk(Self.bare, Self.second)
        let result = await desk.manage(refusal.line.split(separator: " ").map(String.init))
        #expect(result.status == refusal.status, "\(result.output) \(result.errors)")
        #expect(try desk.files() == ["Migrations.swift"])
    }

    @Test func `a migration is written anew with its operations folded`() async throws {
        let long = Migration("0001_initial") {
            CreateModel(
                "Article", fields: [.init("id", .auto, primaryKey: true), .init("title", .char(maxLength: 50))])
            RenameField("Article", "title", to: "heading")
            AddField("Article", .init("made", .dateTime), default: .now)
        }
        let desk = try Desk(long)
        let check = await desk.manage("optimizemigration", "desk", "0001", "--check")
        #expect(check.status == 1)
        #expect(check.output == "Optimizing from 3 operations to 1 operations.")
        let lost = await desk.manage("optimizemigration", "desk", "0001")
        #expect(
            lost.errors.contains("The migration desk.0001_initial has no file '\(desk.folder)/0001_initial.swift'."))
        try desk.write("// the old text\n", to: "0001_initial.swift")
        #expect(await desk.manage("optimizemigration", "desk", "0001").status == 0)
        #expect(try desk.read("0001_initial.swift").contains(#".init("heading", .char(maxLength: 50)),"#))
        let short = try Desk(Self.whole)
        #expect(await short.manage("optimizemigration", "desk", "0001").output == "No optimizations possible.")
    }

    private static func branch(_ name: String, _ operation: any MigrationOperation) -> Migration {
        Migration(name, dependencies: ["desk.0001_initial"]) { operation }
    }

    @Test func `branches are joined, and those that touch the same thing are not`() async throws {
        let a = Self.branch("0002_a", AddField("Article", .init("a", .text, null: true)))
        let b = Self.branch("0002_b", AddField("Article", .init("b", .text, null: true)))
        let desk = try Desk(Self.whole, a, b)
        let conflict = await desk.manage("makemigrations")
        #expect(conflict.status == 1)
        #expect(conflict.errors.contains("Join them by `makemigrations --merge`"))
        let merged = await desk.manage("makemigrations", "--merge")
        #expect(merged.status == 0, "\(merged.errors)")
        #expect(merged.output.contains("Merging desk\n  Branch 0002_a\n    - Add field a to article\n  Branch 0002_b"))
        #expect(try desk.files().contains("0003_merge_0002_a_0002_b.swift"))
        let same = try Desk(Self.whole, a, Self.branch("0002_c", AddField("Article", .init("a", .text))))
        let refused = await same.manage("makemigrations", "--merge")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("Model 'desk.Article' has a field 'a' already."))
        #expect(try same.files() == ["Migrations.swift"])
        let plain = try Desk(Self.whole)
        #expect(await plain.manage("makemigrations", "--merge").output == "No conflicts detected to merge.")
    }

    @Test func `whether statements may go in any order is asked`() async throws {
        let a = Self.branch("0002_a", RunSQL("DELETE FROM desk_article", reverse: .nothing))
        let b = Self.branch("0002_b", AddField("Article", .init("b", .text, null: true)))
        let desk = try Desk(Self.whole, a, b)
        let nobody = await desk.manage("makemigrations", "--merge")
        #expect(nobody.status == 2)
        #expect(nobody.errors.contains("Say --no-input where nobody can be asked."))
        let (no, asked) = await desk.manage(["makemigrations", "--merge"], answering: ["n"])
        #expect(no.status == 0)
        #expect(asked.first?.hasPrefix("There are statements or code of their own among these.") == true)
        #expect(try desk.files() == ["Migrations.swift"])
        let (yes, _) = await desk.manage(["makemigrations", "--merge", "--name", "joined"], answering: ["y"])
        #expect(yes.status == 0, "\(yes.errors)")
        #expect(try desk.files().contains("0003_joined.swift"))
    }
}
