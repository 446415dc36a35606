import FoundationEssentials
import MartletCommands
import MartletMigrations
import MartletORM
import MartletSite
import Synchronization

// A site with two models, for commands to work on.

struct Author: Model {
    var id = 0
    var name = ""
    var nickname: String?
    var motto = "none"

    static let appLabel = "desk"
    static let table = Table<Author>(
        .auto(\.id), .char(\.name, maxLength: 10, unique: true), .char(\.nickname, maxLength: 10), .text(\.motto))
}

struct Entry: Model {
    enum State: String, Choices { case draft, published }

    var id = UUID.v7()
    var title = ""
    var state = State.draft
    var weight = 0
    var views = 0
    var rating = 0.0
    var isOpen = true
    var writtenAt = Date.now
    var author = ForeignKey<Author>()
    var readers = ManyToMany<Author>()

    static let appLabel = "desk"
    static let table = Table<Entry>(
        .uuid(\.id, primaryKey: true), .char(\.title, maxLength: 10), .choices(\.state), .integer(\.weight),
        .positiveInteger(\.views), .float(\.rating), .bool(\.isOpen), .dateTime(\.writtenAt),
        .foreignKey(\.author, onDelete: .cascade), .manyToMany(\.readers))
}

/// What a command line has said and done.
struct CommandResult: Sendable {
    let status: Int32
    let output: String
    let errors: String
}

/// A site in a temporary folder; the folder goes with it.
final class CommandSite: Sendable {
    let folder: URL
    let site: Site
    /// Where its rows are.
    let databaseURL: String

    init(isMigrated: Bool = true, databaseURL: String = "sqlite:///desk.sqlite3") throws {
        self.databaseURL = databaseURL
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let migrations = Migrations(
            app: "desk", isMigrated ? [Self.initial] : [],
            file: folder.appendingPathComponent("Migrations/Migrations.swift").path)
        let app = App(
            "desk", models: [Author.self, Entry.self], migrations: migrations, hasConventions: false)
        site = Site(apps: [app], urls: healthURLs, templates: [], staticFiles: [], folder: folder.path)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs `manage` with a command line.
    func manage(_ line: String...) async -> CommandResult {
        await manage(line, of: site)
    }

    /// Runs `manage` of another site in the same folder.
    ///
    /// - Parameters:
    ///   - variables: Variables of the environment besides the usual.
    ///   - ask: Answers questions; `nil` where nobody can be asked.
    func manage(
        _ line: [String], of site: Site, commands: [any Command] = [], terminal: Terminal = .none,
        ask: (@Sendable (String) -> String?)? = nil, environment variables: [String: String] = [:]
    ) async -> CommandResult {
        let usual = [
            "DEBUG": "true", "DATABASE_URL": databaseURL, "PORT": "0", "SESSION_ENGINE": "signed_cookies",
        ]
        return await Self.manage(
            line, of: site, in: Environment(usual.merging(variables) { $1 }), commands: commands, terminal: terminal,
            ask: ask)
    }

    /// Runs `manage` of any site, with these variables and no others.
    static func manage(
        _ line: [String], of site: Site, in environment: Environment, commands: [any Command] = [],
        terminal: Terminal = .none, ask: (@Sendable (String) -> String?)? = nil
    ) async -> CommandResult {
        let output = Lines()
        let errors = Lines()
        let status = await run(
            line, site: site, commands: commands, environment: environment, print: { output.add($0) },
            report: { errors.add($0) }, ask: ask, terminal: terminal)
        return CommandResult(status: status, output: output.text, errors: errors.text)
    }

    /// Runs `loaddata` with a file that holds the text.
    func load(_ text: String) async throws -> CommandResult {
        try Data(text.utf8).write(to: folder.appendingPathComponent("rows.json"))
        return await manage("loaddata", "rows.json")
    }

    /// Runs an operation on the site's database.
    func use<Result: Sendable>(_ operation: @Sendable () async throws -> Result) async throws -> Result {
        let settings = try Settings(Environment(["DEBUG": "true", "DATABASE_URL": databaseURL]))
        let running = try RunningSite(site, settings: settings)
        let result = try await running.bound { try await operation() }
        await running.close()
        return result
    }

    private static let initial = Migration("0001_initial") {
        CreateModel(
            "Author",
            fields: [
                .init("id", .auto, primaryKey: true), .init("name", .char(maxLength: 10), unique: true),
                .init("nickname", .char(maxLength: 10), null: true), .init("motto", .text),
            ])
        CreateModel(
            "Entry",
            fields: [
                .init("id", .uuid, primaryKey: true), .init("title", .char(maxLength: 10)),
                .init("state", .choices(["draft", "published"], maxLength: 20)), .init("weight", .integer),
                .init("views", .positiveInteger), .init("rating", .float), .init("is_open", .bool),
                .init("written_at", .dateTime),
                .init("author", .foreignKey(to: "desk.Author", onDelete: .cascade), index: true),
                .init("readers", .manyToMany(to: "desk.Author")),
            ])
    }
}

private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}
