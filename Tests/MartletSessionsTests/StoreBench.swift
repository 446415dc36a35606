import FoundationEssentials
import MartletCache
import MartletHTTP
import MartletJSON
import MartletMigrations
import MartletORM
import MartletSQLite
import MartletSessions
import MartletSigning
import Synchronization
import TestPrograms

/// The stores that the tests run on.
enum StoreKind: CaseIterable, Sendable {
    case database, cache, cachedDatabase, file, signedCookies

    /// Whether sessions are kept here and not by the client.
    var keepsSessions: Bool { self != .signedCookies }

    /// Whether sessions that have ended stay until they are cleared.
    var keepsEndedSessions: Bool { [.database, .cachedDatabase, .file].contains(self) }

    var usesDatabase: Bool { [.database, .cachedDatabase].contains(self) }
}

/// A clock that goes when it is told to.
final class TestClock: Sendable {
    private let time: Mutex<Date>

    init(_ date: Date = Date(timeIntervalSince1970: 1_767_225_600)) { time = Mutex(date) }

    var now: Date { time.withLock { $0 } }

    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
}

/// A store of one kind with what it needs, for one test.
final class StoreBench: Sendable {
    let store: any SessionStore
    let settings: SessionSettings
    let clock = TestClock()
    let folder: TemporaryFolder
    let cache: Cache

    static let keys = SigningKeys("swift-framework-test-key")

    private init(_ kind: StoreKind, _ settings: SessionSettings, _ folder: TemporaryFolder) throws {
        var settings = settings
        settings.lifetime = SessionLifetime(
            age: settings.lifetime.age, endsWithBrowser: settings.lifetime.endsWithBrowser,
            now: { [clock] in clock.now })
        self.settings = settings
        self.folder = folder
        let (start, first) = (ContinuousClock.now, clock.now)
        cache = Cache(MemoryBackend(now: { [clock] in start + .seconds(clock.now.timeIntervalSince(first)) }))
        switch kind {
        case .cache: store = CacheSessionStore(lifetime: settings.lifetime, cache: { [cache] in cache })
        case .cachedDatabase:
            store = try CachedDatabaseSessionStore(
                keys: Self.keys, lifetime: settings.lifetime, cache: { [cache] in cache })
        case .database: store = try DatabaseSessionStore(keys: Self.keys, lifetime: settings.lifetime)
        case .file: store = try FileSessionStore(folder: folder.path, keys: Self.keys, lifetime: settings.lifetime)
        case .signedCookies: store = try SignedCookieSessionStore(keys: Self.keys, lifetime: settings.lifetime)
        }
    }

    /// Runs a test on a store of its own.
    static func with(
        _ kind: StoreKind, _ settings: SessionSettings = SessionSettings(),
        _ test: @Sendable (StoreBench) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let bench = try StoreBench(kind, settings, folder)
        guard kind.usesDatabase else { return try await test(bench) }
        let backend = SQLiteBackend(path: folder.file("db.sqlite3"))
        let database = Database(backend, models: ModelRegistry([Session.self]))
        try await MigrationExecutor(database, MigrationGraph([sessionsMigrations])).migrate()
        try await database.use { try await test(bench) }
        await backend.close()
    }

    /// A browser that has no cookie yet, or brings one.
    func browser(cookie: String? = nil) -> Browser { Browser(Sessions(settings, store: store), cookie: cookie) }
}

/// A client that keeps the session's cookie.
final class Browser: Sendable {
    private let layer: Sessions
    private let jar: Mutex<String?>

    init(_ layer: Sessions, cookie: String? = nil) {
        self.layer = layer
        jar = Mutex(cookie)
    }

    /// The value of the cookie.
    var cookie: String? { jar.withLock { $0 } }

    /// Another browser that has the same cookie.
    func copy() -> Browser { Browser(layer, cookie: cookie) }

    /// Sends a request whose view uses the session.
    @discardableResult
    func visit(
        status: HTTPStatus = .ok, _ view: @escaping @Sendable (RequestSession) async throws -> Void = { _ in }
    ) async throws -> Response {
        let name = layer.settings.cookie.name
        var headers = Headers()
        if let cookie { try headers.set(.cookie, "other=1; \(name)=\(cookie)") }
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: "", isEncrypted: false)
        let response = try await layer.respond(to: request) { request in
            try await view(request.session)
            return Response(status: status)
        }
        if let field = response.headers[.setCookie], field.hasPrefix("\(name)=") {
            let value = field.dropFirst(name.utf8.count + 1).prefix { $0 != ";" }
            let isDeleted = field.contains("; Max-Age=0;")
            jar.withLock { $0 = isDeleted ? nil : String(value) }
        }
        return response
    }

    /// The session's values in a request of its own.
    func values() async throws -> [String: String] {
        let found = Mutex<[String: String]>([:])
        try await visit { session async throws in
            let values = try await session.values
            found.withLock { found in
                for (key, value) in values { found[key] = value.stringValue ?? value.description }
            }
        }
        return found.withLock { $0 }
    }
}
