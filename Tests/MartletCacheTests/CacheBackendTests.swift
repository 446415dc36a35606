import FoundationEssentials
import MartletCache
import MartletORM
import MartletPostgreSQL
import MartletSQLite
import TestPrograms
import Testing

/// What every back end that keeps anything promises.
@Suite struct CacheBackendTests {
    enum Kind: CaseIterable, Sendable { case memory, memcached, servers, file, sqlite, postgresql }

    /// Runs a test on a back end of its own; the server lives as long as the test.
    private func with(_ kind: Kind, _ test: (any CacheBackend) async throws -> Void) async throws {
        switch kind {
        case .memory: try await test(MemoryBackend())
        case .memcached:
            let server = try MemcachedServer()
            try await test(MemcachedBackend(at: server.location, timeout: .seconds(20)))
            server.stop()
        case .servers:
            let servers = try [MemcachedServer(), MemcachedServer(), MemcachedServer()]
            let locations = servers.map(\.location).joined(separator: ",")
            try await test(MemcachedBackend(at: locations, timeout: .seconds(20), compressAbove: 100))
            for server in servers { server.stop() }
        case .file:
            let folder = try TemporaryFolder()
            try await test(FileBackend(folder: folder.path + "/cache"))
        case .sqlite:
            let folder = try TemporaryFolder()
            try await withTable("cache", in: SQLiteBackend(path: folder.file("cache.sqlite3")), test)
        case .postgresql:
            var configuration = PostgreSQLConfiguration()
            configuration.host = try PrivateServer.shared.get().folder
            configuration.user = "martlet"
            configuration.database = "postgres"
            configuration.limit = 2
            // All tests share the database, and each has a table.
            let name = "cache_" + UUID().uuidString.lowercased().filter { $0 != "-" }
            try await withTable(name, in: PostgreSQLBackend(configuration), test)
        }
    }

    private func withTable(
        _ name: String, in backend: any DatabaseBackend, _ test: (any CacheBackend) async throws -> Void
    ) async throws {
        let database = Database(backend)
        do {
            try await database.use {
                for statement in try CacheTable(name).creation(database.dialect) {
                    try await database.execute(statement)
                }
                try await test(DatabaseCacheBackend(table: name))
                try await database.execute(Statement("DROP TABLE \(name)"))
            }
        } catch {
            await backend.close()
            throw error
        }
        await backend.close()
    }

    private func entry(_ text: String, _ flags: CacheFlags = .bytes) -> CacheEntry {
        CacheEntry(bytes: Array(text.utf8), flags: flags)
    }

    @Test(arguments: Kind.allCases) func `an entry is what was stored, to the byte`(_ kind: Kind) async throws {
        try await with(kind) { backend async throws in
            #expect(try await backend.get("k") == nil)
            let hostile = [
                "", "\r\n", "END\r\n", "VALUE k 0 3\r\nabc\r\nEND\r\n", "\0a\0", "é😀", "set k 0 0 1\r\nx\r\n",
            ]
            for text in hostile {
                try await backend.set("k", entry(text, .text), for: .seconds(60))
                #expect(try await backend.get("k") == entry(text, .text))
            }
            let bytes = [UInt8](0...255) + [UInt8](repeating: 0, count: 500_000)
            let all = CacheEntry(bytes: bytes, flags: CacheFlags(rawValue: .max))
            try await backend.set("k", all, for: .forever)
            #expect(try await backend.get("k") == all)
        }
    }

    @Test(arguments: Kind.allCases) func `keys are told apart, whatever they are`(_ kind: Kind) async throws {
        try await with(kind) { backend async throws in
            let long = String(repeating: "k", count: 249)
            let keys = ["a", "A", "é", "😀:1:\"'\\", "%0a", "k\u{85}", long + "1", long + "2"]
            for key in keys { try await backend.set(key, entry("value of \(key)"), for: .seconds(60)) }
            for key in keys { #expect(try await backend.get(key) == entry("value of \(key)")) }
        }
    }

    @Test(arguments: Kind.allCases) func `add stores only where there is nothing`(_ kind: Kind) async throws {
        try await with(kind) { backend async throws in
            #expect(try await backend.add("k", entry("1"), for: .seconds(60)))
            #expect(try await !backend.add("k", entry("2"), for: .seconds(60)))
            #expect(try await backend.get("k") == entry("1"))
            #expect(try await backend.delete("k"))
            #expect(try await !backend.delete("k"))
            #expect(try await backend.add("k", entry("3"), for: .seconds(60)))
            #expect(try await backend.get("k") == entry("3"))
        }
    }

    @Test(arguments: Kind.allCases) func `replace stores only where the entry is still the one known`(
        _ kind: Kind
    ) async throws {
        try await with(kind) { backend async throws in
            let life = CacheLifetime.seconds(60)
            #expect(try await backend.replace("k", entry("1"), with: entry("2"), for: life) == .missing)
            #expect(try await backend.get("k") == nil)
            try await backend.set("k", entry("1\r\n\0"), for: life)
            #expect(try await backend.replace("k", entry("1\r\n\0"), with: entry("2", .text), for: life) == .stored)
            #expect(try await backend.get("k") == entry("2", .text))
            #expect(try await backend.replace("k", entry("1"), with: entry("3"), for: life) == .changed)
            #expect(try await backend.replace("k", entry("2"), with: entry("3"), for: life) == .changed)
            #expect(try await backend.get("k") == entry("2", .text))
            #expect(try await backend.get("other") == nil)
        }
    }

    @Test(arguments: Kind.allCases) func `of many that replace one entry at once only one succeeds`(
        _ kind: Kind
    ) async throws {
        try await with(kind) { backend async throws in
            try await backend.set("k", entry("start"), for: .forever)
            let outcomes = try await withThrowingTaskGroup(of: CacheReplacement.self) { group in
                for number in 0..<20 {
                    let new = entry("\(number)")
                    group.addTask {
                        try await backend.replace(
                            "k", CacheEntry(bytes: Array("start".utf8), flags: .bytes), with: new, for: .forever)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .stored } == 1)
            #expect(outcomes.count { $0 == .changed } == 19)
        }
    }

    @Test(arguments: Kind.allCases) func `a lifetime of nothing stores nothing, and removes`(_ kind: Kind) async throws
    {
        try await with(kind) { backend async throws in
            for lifetime in [CacheLifetime.seconds(0), .seconds(-5), .days(.min)] {
                try await backend.set("k", entry("1"), for: .seconds(60))
                try await backend.set("k", entry("2"), for: lifetime)
                #expect(try await backend.get("k") == nil)
                #expect(try await !backend.add("k", entry("3"), for: lifetime))
                #expect(try await backend.get("k") == nil)
            }
        }
    }

    @Test(arguments: Kind.allCases) func `long lifetimes are long`(_ kind: Kind) async throws {
        try await with(kind) { backend async throws in
            let lifetimes = [
                CacheLifetime.days(29), .days(31), .days(.max), .forever, CacheLifetime(.milliseconds(900)),
            ]
            for (place, lifetime) in lifetimes.enumerated() {
                try await backend.set("k\(place)", entry("1"), for: lifetime)
                if place < 4 { #expect(try await backend.get("k\(place)") == entry("1")) }
            }
        }
    }

    @Test(arguments: Kind.allCases) func `numbers are counted as Memcached counts`(_ kind: Kind) async throws {
        try await with(kind) { backend async throws in
            #expect(try await backend.increment("k", by: 1) == nil)
            try await backend.set("k", entry("10", .integer), for: .seconds(60))
            #expect(try await backend.increment("k", by: 1) == 11)
            #expect(try await backend.increment("k", by: -2) == 9)
            #expect(try await backend.increment("k", by: -100) == 0)
            #expect(try await backend.increment("k", by: 5_000_000_000) == 5_000_000_000)
            #expect(try await backend.increment("k", by: .max) == 9_223_372_041_854_775_807)
            #expect(try await backend.increment("k", by: .min) == 4_999_999_999)
            #expect(try await backend.get("k")?.flags == .integer)
            // One with blanks or a sign, too, which a parser might take for a number.
            for text in ["", "x", "-1", "1.5", "99999999999999999999"] {
                try await backend.set("t", entry(text), for: .seconds(60))
                await #expect(throws: CacheError.notANumber(key: "t")) { try await backend.increment("t", by: 1) }
            }
        }
    }

    @Test(arguments: Kind.allCases) func `many keys are read, stored and removed in one call`(_ kind: Kind) async throws
    {
        try await with(kind) { backend async throws in
            #expect(try await backend.getMany([]) == [:])
            let keys = (0..<150).map { "key:\($0)" }
            let entries = Dictionary(uniqueKeysWithValues: keys.map { ($0, entry("value of \($0)\r\n", .text)) })
            #expect(try await backend.setMany(entries, for: .seconds(60)) == [])
            #expect(try await backend.getMany(keys + ["missing", keys[0]]) == entries)
            try await backend.deleteMany(Array(keys[..<149]) + ["missing"])
            #expect(try await backend.getMany(keys) == ["key:149": entry("value of key:149\r\n", .text)])
            #expect(try await backend.setMany(entries, for: .seconds(0)) == [])
            #expect(try await backend.getMany(keys) == [:])
        }
    }

    @Test(arguments: Kind.allCases) func `touch changes the lifetime and nothing else`(_ kind: Kind) async throws {
        try await with(kind) { backend async throws in
            #expect(try await !backend.touch("k", for: .seconds(60)))
            try await backend.set("k", entry("1", .text), for: .seconds(60))
            #expect(try await backend.touch("k", for: .forever))
            #expect(try await backend.touch("k", for: .days(60)))
            #expect(try await backend.get("k") == entry("1", .text))
            #expect(try await backend.touch("k", for: .seconds(-1)))
            #expect(try await backend.get("k") == nil)
        }
    }

    @Test(arguments: Kind.allCases) func `clear removes everything`(_ kind: Kind) async throws {
        try await with(kind) { backend async throws in
            let keys = (0..<50).map { "k\($0)" }
            for key in keys { try await backend.set(key, entry("1"), for: .forever) }
            try await backend.clear()
            #expect(try await backend.getMany(keys) == [:])
            try await backend.set("k", entry("2"), for: .forever)
            await backend.close()
            #expect(try await backend.get("k") == entry("2"))
        }
    }

    @Test(arguments: Kind.allCases) func `counting from many tasks loses nothing`(_ kind: Kind) async throws {
        try await with(kind) { backend async throws in
            try await backend.set("n", entry("0", .integer), for: .forever)
            try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask { for _ in 0..<25 { _ = try await backend.increment("n", by: 1) } }
                }
                try await group.waitForAll()
            }
            #expect(try await backend.increment("n", by: 0) == 500)
        }
    }

    @Test func `an entry too large for the server is refused, and the old one is gone`() async throws {
        let server = try MemcachedServer()
        let backend = try MemcachedBackend(at: server.location, timeout: .seconds(20))
        try await backend.set("k", entry("old"), for: .seconds(60))
        let large = CacheEntry(bytes: [UInt8](repeating: 1, count: 2 << 20), flags: .bytes)
        await #expect(throws: CacheError.tooLarge(key: "k", bytes: 2 << 20)) {
            try await backend.set("k", large, for: .seconds(60))
        }
        #expect(try await backend.get("k") == nil)
        try await backend.set("k", entry("new"), for: .seconds(60))
        #expect(try await backend.get("k") == entry("new"))
        server.stop()
    }

    @Test func `the dummy keeps nothing`() async throws {
        let backend = DummyBackend()
        try await backend.set("k", entry("1"), for: .forever)
        #expect(try await backend.add("k", entry("1"), for: .forever))
        #expect(try await backend.get("k") == nil)
        #expect(try await !backend.delete("k"))
        #expect(try await backend.increment("k", by: 1) == nil)
    }
}
