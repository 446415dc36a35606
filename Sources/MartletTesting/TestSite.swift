import FoundationEssentials
import Glibc
import MartletCache
import MartletMigrations
import MartletORM
import MartletServer
public import MartletSite
import Synchronization

/// A site for tests: with settings of its own and databases in a temporary folder.
///
/// ```swift
/// let testSite = TestSite(site)
///
/// extension Trait where Self == DatabaseTrait {
///     static var database: Self { testSite.database }
/// }
/// ```
public final class TestSite: Sendable {
    let site: Site
    private let variables: [String: String]
    private let folder: URL

    /// Sites whose databases are migrated and empty, because no test that had one has committed anything.
    private let clean = Mutex<[RunningSite]>([])

    /// Makes a test site; nothing is opened before the first test asks.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - variables: Settings beside `DEBUG`, `DEBUG_PAGE` and `DEBUG_TOOLBAR` (off, since the pages of visitors are
    ///     tested), `SECRET_KEY` and `ALLOWED_HOSTS`.
    public init(_ site: Site, variables: [String: String] = [:]) {
        self.site = site
        self.variables = variables
        let temporary = FileManager.default.temporaryDirectory
        Self.removeFolders(ofEndedProcessesIn: temporary)
        folder = temporary.appendingPathComponent("\(Self.prefix)\(getpid())-\(UUID().uuidString)")
    }

    private static let prefix = "martlet-test-"

    /// A test site is a constant of the test target and lives until the process ends, so a later process clears up.
    private static func removeFolders(ofEndedProcessesIn temporary: URL) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: temporary.path)) ?? [] {
            guard name.hasPrefix(prefix), let process = pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" }),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(at: temporary.appendingPathComponent(name))
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The trait that runs each test in a transaction that is rolled back.
    public var database: DatabaseTrait { DatabaseTrait(testSite: self) }

    /// Makes a site with a fresh, migrated database, and starts it.
    public func makeSite() async throws -> RunningSite {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("\(UUID().uuidString).sqlite3").path
        var environment = [
            "DEBUG": "true", "DEBUG_PAGE": "false", "DEBUG_TOOLBAR": "false", "SECRET_KEY": "a-key-for-tests",
            "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
            "PORT": "0",
        ]
        environment.merge(variables) { $1 }
        environment["DATABASE_URL"] = "sqlite:///\(file)"
        let running = try RunningSite(site, settings: site.settings(Environment(environment)))
        try await running.migrate()
        try await running.start()
        return running
    }

    /// A site whose database no other test uses at the same time, with an empty cache.
    func lease() async throws -> RunningSite {
        let running = if let clean = clean.withLock({ $0.popLast() }) { clean } else { try await makeSite() }
        return RunningSite(running, cache: Cache(MemoryBackend()))
    }

    func giveBack(_ running: RunningSite) {
        clean.withLock { $0.append(running) }
    }
}
