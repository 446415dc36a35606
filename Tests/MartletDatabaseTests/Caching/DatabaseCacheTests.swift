import FoundationEssentials
import MartletCache
import MartletLogging
import MartletORM
import Synchronization
import Testing

/// Source of the expectations: Django's tests/cache/tests.py, `DBCacheTests`.
@Suite(.library) struct DatabaseCacheTests {
    private final class Clock: Sendable {
        private let time = Mutex(Date(timeIntervalSince1970: 1_767_268_800.25))
        var now: Date { time.withLock { $0 } }
        func advance(_ seconds: Double) { time.withLock { $0.addTimeInterval(seconds) } }
    }

    private let clock = Clock()

    private func backend(_ name: String = "cache_table", maxEntries: Int = 10_000) throws -> DatabaseCacheBackend {
        try DatabaseCacheBackend(table: name, maxEntries: maxEntries, now: { [clock] in clock.now })
    }

    private func makeTable(_ name: String) async throws {
        let database = try Database.current
        for statement in try CacheTable(name).creation(database.dialect) { try await database.execute(statement) }
    }

    private func entry(_ text: String, _ flags: CacheFlags = .bytes) -> CacheEntry {
        CacheEntry(bytes: Array(text.utf8), flags: flags)
    }

    @Test func `entries are stored, counted, replaced and removed`() async throws {
        // A name that has to be quoted everywhere.
        let name = "my\"cache'table;--é"
        try await makeTable(name)
        let backend = try backend(name)
        let life = CacheLifetime.seconds(60)
        #expect(try await backend.get("k") == nil)
        let hostile = ["'; DROP TABLE x; --", "\"", "\\", "%", "_", "😀", String(repeating: "k", count: 250)]
        for key in hostile {
            try await backend.set(key, entry("value of \(key)\0\r\n"), for: life)
            #expect(try await backend.get(key) == entry("value of \(key)\0\r\n"))
        }
        #expect(try await backend.getMany(hostile + ["x"]).count == hostile.count)
        try await backend.deleteMany(Array(hostile.dropFirst()))
        #expect(Array(try await backend.getMany(hostile).keys) == [hostile[0]])
        #expect(try await backend.add("a", entry("1"), for: life))
        #expect(try await !backend.add("a", entry("2"), for: life))
        #expect(try await backend.replace("a", entry("9"), with: entry("3"), for: life) == .changed)
        #expect(try await backend.replace("a", entry("1"), with: entry("3", .text), for: life) == .stored)
        #expect(try await backend.replace("b", entry("1"), with: entry("3"), for: life) == .missing)
        #expect(try await backend.get("a") == entry("3", .text))
        #expect(try await backend.increment("n", by: 1) == nil)
        try await backend.set("n", entry("10", .integer), for: life)
        #expect(try await backend.increment("n", by: 5) == 15)
        #expect(try await backend.increment("n", by: -20) == 0)
        #expect(try await backend.increment("n", by: 0) == 0)
        await #expect(throws: CacheError.notANumber(key: hostile[0])) { try await backend.increment(hostile[0], by: 1) }
        #expect(try await backend.delete("n"))
        #expect(try await !backend.delete("n"))
        try await backend.clear()
        #expect(try await backend.get("a") == nil)
    }

    @Test func `every kind of entry comes back as it was`() async throws {
        try await makeTable("cache_table")
        let backend = try backend()
        let entries = [
            entry("-42", .integer), entry("007", .integer), entry("99999999999999999999", .integer),
            entry("é\0", .text),
            CacheEntry(bytes: [255, 0], flags: .bytes), CacheEntry(bytes: [255], flags: .text),
            entry("\"text\"", .json), entry("5", .json), entry("{\"a\":1.10}", .json),
            CacheEntry(bytes: [1, 2], flags: CacheFlags(rawValue: .max)),
        ]
        for entry in entries {
            try await backend.set("k", entry, for: .forever)
            #expect(try await backend.get("k") == entry)
        }
        let cache = Cache(backend)
        try await cache.set("list", ["a": [1, 2]], for: .minutes(1))
        #expect(try await cache.get("list", as: [String: [Int]].self) == ["a": [1, 2]])
        try await cache.set("flag", true, for: .minutes(1))
        #expect(try await cache.get("flag", as: Bool.self) == true)
        let id = UUID()
        try await cache.set("id", id, for: .minutes(1))
        #expect(try await cache.get("id", as: UUID.self) == id)
    }

    @Test func `an entry ends in whole seconds, and then another may take its place`() async throws {
        try await makeTable("cache_table")
        let backend = try backend()
        try await backend.set("k", entry("1"), for: .seconds(10))
        clock.advance(9.9)
        #expect(try await backend.get("k") == entry("1"))
        #expect(try await backend.touch("k", for: .seconds(5)))
        clock.advance(6)
        #expect(try await backend.get("k") == nil)
        #expect(try await !backend.touch("k", for: .seconds(5)))
        #expect(try await backend.increment("k", by: 1) == nil)
        #expect(try await backend.add("k", entry("2"), for: .forever))
        clock.advance(1e9)
        #expect(try await backend.get("k") == entry("2"))
        try await backend.set("k", entry("3"), for: .seconds(0))
        #expect(try await backend.get("k") == nil)
    }

    // test_cull
    @Test func `what ends soonest goes when there is too much`() async throws {
        try await makeTable("cache_table")
        let backend = try backend(maxEntries: 30)
        for number in 0..<100 { try await backend.set("k\(number)", entry("1"), for: .seconds(100 + number)) }
        let left = try await backend.getMany((0..<100).map { "k\($0)" })
        #expect(left.count <= 40)
        #expect(left["k99"] != nil)
        #expect(left["k0"] == nil)
    }

    @Test func `counting from many tasks loses nothing`() async throws {
        try await makeTable("cache_table")
        let backend = try backend()
        try await backend.set("n", entry("0", .integer), for: .minutes(1))
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 { group.addTask { for _ in 0..<10 { _ = try await backend.increment("n", by: 1) } } }
            try await group.waitForAll()
        }
        #expect(try await backend.get("n") == entry("40", .integer))
    }

    @Test func `without its table the cache is a miss that says what to do`() async throws {
        let cache = Cache(try backend("nowhere"))
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            #expect(try await cache.getOrSet("k", for: .forever) { 5 } == 5)
        }
        let event = try #require(sink.events(named: "cache_unavailable").first)
        #expect("\(String(describing: event["error"]))".contains("manage createcachetable"))
    }

    @Test func `in a transaction a cache that fails is a miss, and the transaction goes on`() async throws {
        let cache = Cache(try backend("nowhere", maxEntries: 1))
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            try await transaction {
                #expect(try await cache.get("k", as: Int.self) == nil)
                try await Person.objects.create(Person(name: "Ann"))
                #expect(try await cache.getOrSet("k", for: .forever) { 5 } == 5)
                #expect(try await cache.getMany(["a", "b"], as: Int.self).isEmpty)
                #expect(try await cache.setMany(["a": 1, "b": 2], for: .forever).count == 2)
                #expect(try await !cache.add("k", 1, for: .forever))
                #expect(try await !cache.touch("k", for: .forever))
                #expect(try await !cache.delete("k"))
                #expect(try await cache.incr("k") == nil)
                try await cache.clear()
                try await Person.objects.create(Person(name: "Ben"))
            }
        }
        #expect(try await Person.objects.count() == 2)
        #expect(cache.statistics.failures == 10)
        #expect(sink.events(named: "cache_unavailable").count == 1)
    }

    @Test func `in a transaction a write that is refused undoes nothing but itself`() async throws {
        let type = try Database.current.dialect.name == "postgresql" ? "timestamptz" : "datetime"
        try await Database.current.execute(
            Statement(
                """
                CREATE TABLE "cache_table" ("cache_key" varchar(255) NOT NULL PRIMARY KEY,
                "value" text NOT NULL CHECK (length("value") < 1000), "expires" \(type) NOT NULL)
                """))
        let (cache, large) = (Cache(try backend()), String(repeating: "x", count: 5_000))
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            try await transaction {
                try await cache.set("before", 1, for: .forever)
                try await Person.objects.create(Person(name: "Ann"))
                try await cache.set("large", large, for: .forever)
                #expect(try await cache.get("before", as: Int.self) == 1)
                try await cache.set("after", 2, for: .forever)
            }
        }
        #expect(try await cache.getMany(["before", "large", "after"], as: Int.self) == ["before": 1, "after": 2])
        #expect(try await Person.objects.count() == 1)
        #expect(cache.statistics.failures == 1)
    }

    @Test func `a deadlock of two transactions in the table ends neither of them`() async throws {
        // SQLite has one writer.
        guard try Database.current.dialect.name == "postgresql" else { return }
        try await makeTable("cache_table")
        let cache = Cache(try backend())
        let gates = [Gate(), Gate()]
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            try await withThrowingTaskGroup { group in
                for (number, keys) in [["a", "b"], ["b", "a"]].enumerated() {
                    group.addTask {
                        try await transaction {
                            try await cache.set(CacheKey(keys[0]), number, for: .forever)
                            gates[number].open()
                            await gates[1 - number].pass()
                            try await cache.set(CacheKey(keys[1]), number, for: .forever)
                            _ = try await Person.objects.create(Person(name: "\(number)"))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(try await Person.objects.count() == 2)
        #expect(cache.statistics.failures == 1)
    }

    @Test func `what other tasks of the transaction write meanwhile stays`() async throws {
        let cache = Cache(try backend("nowhere"))
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            try await transaction {
                try await withThrowingTaskGroup { group in
                    for number in 0..<20 {
                        group.addTask {
                            let value = try await cache.get(CacheKey("k\(number)"), as: Int.self)
                            #expect(value == nil)
                        }
                        group.addTask { _ = try await Person.objects.create(Person(name: "\(number)")) }
                    }
                    try await group.waitForAll()
                }
            }
        }
        #expect(try await Person.objects.count() == 20)
        #expect(cache.statistics.failures == 20)
    }

    @Test(arguments: ["", "a b", "a\0", String(repeating: "t", count: 56)])
    func `a name that no table can have is refused`(_ name: String) {
        #expect(throws: CacheError.self) { try DatabaseCacheBackend(table: name) }
    }
}
