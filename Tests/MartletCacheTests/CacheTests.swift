import FoundationEssentials
import MartletCache
import MartletLogging
import Synchronization
import Testing

@Suite struct CacheTests {
    struct Tag: Codable, Equatable {
        var name: String
        var count: Int
    }

    private let backend = MemoryBackend()

    @Test func `values are what was stored`() async throws {
        let cache = Cache(backend, prefix: "blog")
        try await cache.set("tags", [Tag(name: "swift", count: 3)], for: .minutes(5))
        #expect(try await cache.get("tags", as: [Tag].self) == [Tag(name: "swift", count: 3)])
        let date = Date(timeIntervalSince1970: 1_767_268_800)
        try await cache.set("date", date, for: .hours(1))
        let read: Date? = try await cache.get("date")
        #expect(read == date)
        try await cache.set("flag", true, for: .days(1))
        #expect(try await cache.get("flag", as: Bool.self) == true)
        #expect(try await cache.get("gone", as: Bool.self) == nil)
        #expect(try await cache.add("flag", false, for: .days(1)) == false)
        #expect(try await cache.delete("flag"))
        #expect(try await cache.get("flag", as: Bool.self) == nil)
    }

    @Test func `numbers, text and bytes are stored as Django stores them`() async throws {
        let cache = Cache(backend, prefix: "blog", version: 2)
        try await cache.set("int", -7, for: .forever)
        try await cache.set("small", UInt8(7), for: .forever)
        try await cache.set("text", "é\n", for: .forever)
        try await cache.set("bytes", [0, 255] as [UInt8], for: .forever)
        try await cache.set("json", ["a": 1], for: .forever)
        #expect(try await backend.get("blog:2:int") == CacheEntry(bytes: Array("-7".utf8), flags: .integer))
        #expect(try await backend.get("blog:2:small") == CacheEntry(bytes: Array("7".utf8), flags: .integer))
        #expect(try await backend.get("blog:2:text") == CacheEntry(bytes: Array("é\n".utf8), flags: .text))
        #expect(try await backend.get("blog:2:bytes") == CacheEntry(bytes: [0, 255], flags: .bytes))
        #expect(try await backend.get("blog:2:json") == CacheEntry(bytes: Array(#"{"a":1}"#.utf8), flags: .json))
        #expect(try await cache.get("int", as: Int.self) == -7)
        #expect(try await cache.get("int", as: Int64.self) == -7)
        #expect(try await cache.get("text", as: String.self) == "é\n")
        #expect(try await cache.get("bytes", as: [UInt8].self) == [0, 255])
    }

    @Test func `what may be missing is stored like what is there, and comes back either way`() async throws {
        let cache = Cache(backend)
        func comesBack<T: Codable & Sendable & Equatable>(_ value: T, _ entry: CacheEntry) async throws {
            let key = CacheKey("\(T.self)")
            #expect(try await cache.getOrSet(key, for: .forever) { value } == value)
            #expect(try await backend.get(":1:\(T.self)") == entry, "\(T.self)")
            let again = try await cache.getOrSet(key, for: .forever) { () async throws -> T in throw Miss() }
            #expect(again == value)
            try await cache.delete(key)
        }
        try await comesBack(Int?(5), CacheEntry(bytes: Array("5".utf8), flags: .integer))
        try await comesBack(UInt8?(255), CacheEntry(bytes: Array("255".utf8), flags: .integer))
        try await comesBack(Int??(-5), CacheEntry(bytes: Array("-5".utf8), flags: .integer))
        try await comesBack(String?("é"), CacheEntry(bytes: Array("é".utf8), flags: .text))
        try await comesBack([UInt8]?([0, 255]), CacheEntry(bytes: [0, 255], flags: .bytes))
        try await comesBack(Bool?(true), CacheEntry(bytes: Array("true".utf8), flags: .json))
        let null = CacheEntry(bytes: Array("null".utf8), flags: .json)
        try await comesBack(Int?.none, null)
        try await comesBack(String?.none, null)
        try await comesBack([UInt8]?.none, null)
    }

    private struct Miss: Error {}

    @Test func `a number that does not fit is a miss to what may be missing, too`() async throws {
        let cache = Cache(backend)
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            try await cache.set("large", 300, for: .forever)
            #expect(try await cache.get("large", as: UInt8?.self) == UInt8??.none)
            try await cache.set("text", "seven", for: .forever)
            #expect(try await cache.get("text", as: Int?.self) == Int??.none)
            try await cache.set("nothing", Int?.none, for: .forever)
            #expect(try await cache.get("nothing", as: Int.self) == nil)
            #expect(try await cache.getMany(["nothing", "none"], as: Int?.self) == ["nothing": Int?.none])
        }
    }

    @Test func `a value of another type, or one that nobody can read, is a miss and an event`() async throws {
        let cache = Cache(backend)
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) {
            try await cache.set("text", "seven", for: .forever)
            #expect(try await cache.get("text", as: Int.self) == nil)
            #expect(try await cache.get("text", as: Tag.self) == nil)
            try await cache.set("int", 300, for: .forever)
            #expect(try await cache.get("int", as: UInt8.self) == nil)
            #expect(try await cache.get("int", as: String.self) == nil)
            let odd: [([UInt8], CacheFlags)] = [
                ([0x80, 0x05], .pickle), ([0xFF], .text), ([0x7B], .json), ([0x78], .integer),
            ]
            for (bytes, flags) in odd {
                try await backend.set(":1:odd", CacheEntry(bytes: bytes, flags: flags), for: .forever)
                #expect(try await cache.get("odd", as: String.self) == nil)
                #expect(try await cache.get("odd", as: Int.self) == nil)
            }
        }
        #expect(sink.events(named: "cache_value_unreadable").count == 12)
        #expect(try await cache.getOrSet("odd", for: .forever) { 5 } == 5)
        #expect(try await cache.get("odd", as: Int.self) == 5)
    }

    static let keys: [(CacheKey, String)] = [
        (CacheKey("blog", "post", 7, "comments"), "blog:post:7:comments"),
        (CacheKey("blog", "post", "a-slug", "comments"), "blog:post:a-slug:comments"),
        (
            CacheKey("blog", "post", UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 171, 12, 13, 14, 15, 255)), "body"),
            "blog:post:01020304-0506-0708-090a-ab0c0d0e0fff:body"
        ),
        ("tag-cloud", "tag-cloud"),
    ]

    @Test(arguments: keys)
    func `a key has its parts in order`(_ key: CacheKey, _ text: String) async throws {
        let cache = Cache(backend, prefix: "p")
        try await cache.set(key, 1, for: .forever)
        #expect(try await backend.get("p:1:\(text)") != nil)
    }

    static let refused: [(CacheKey, String)] = [
        (
            "a b",
            #"The cache key "p:1:a b" cannot be used: it has a blank or a control character. Encode or digest that part."#
        ),
        (
            "a\nb",
            #"The cache key "p:1:a\nb" cannot be used: it has a blank or a control character. Encode or digest that part."#
        ),
        (
            "\u{7F}",
            #"The cache key "p:1:\u{7F}" cannot be used: it has a blank or a control character. Encode or digest that part."#
        ),
        (
            CacheKey(String(repeating: "é", count: 124)),
            "The cache key \"p:1:\(String(repeating: "é", count: 124))\" cannot be used: "
                + "it has 252 bytes; 250 are allowed. Put a digest in it."
        ),
        (CacheKey("a", "b", "1:2", "c"), #"The cache key "p:1:a:b:1:2:c" cannot be used: its part "1:2" has a colon."#),
        (CacheKey("a", "", 1, "c"), #"The cache key "p:1:a::1:c" cannot be used: one of its parts is empty."#),
    ]

    @Test(arguments: refused)
    func `a key that no server could have is refused everywhere`(_ key: CacheKey, _ message: String) async throws {
        let cache = Cache(backend, prefix: "p")
        let calls: [() async throws -> Void] = [
            { _ = try await cache.get(key, as: Int.self) }, { try await cache.set(key, 1, for: .forever) },
            { try await cache.add(key, 1, for: .forever) }, { try await cache.delete(key) },
            { try await cache.incr(key) },
            { _ = try await cache.getOrSet(key, for: .forever) { 1 } },
        ]
        for call in calls {
            let error = await #expect(throws: CacheError.self) { try await call() }
            #expect(error?.description == message)
        }
    }

    @Test func `a value that cannot be JSON is an error with its path`() async throws {
        let cache = Cache(backend)
        let error = await #expect(throws: CacheError.self) {
            try await cache.set("k", ["x": [Double.nan]], for: .forever)
        }
        #expect(error?.description.contains("$.x[0]") == true)
        await #expect(throws: CacheError.self) { try await cache.getOrSet("k", for: .forever) { [Double.infinity] } }
    }

    @Test func `numbers are counted`() async throws {
        let cache = Cache(backend)
        #expect(try await cache.incr("n") == nil)
        try await cache.set("n", 1, for: .forever)
        #expect(try await cache.incr("n") == 2)
        #expect(try await cache.incr("n", by: -5) == 0)
        #expect(try await cache.get("n", as: Int.self) == 0)
        try await cache.set("t", "x", for: .forever)
        await #expect(throws: CacheError.notANumber(key: ":1:t")) { try await cache.incr("t") }
    }

    /// Fails every command, as a server that is down.
    private struct DownBackend: CacheBackend {
        func get(_ key: String) async throws(CacheError) -> CacheEntry? { throw .unavailable(reason: "down") }
        func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
            throw .unavailable(reason: "down")
        }
        func add(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
            throw .unavailable(reason: "down")
        }
        func replace(
            _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
        ) async throws(CacheError) -> CacheReplacement { throw .unavailable(reason: "down") }
        func delete(_ key: String) async throws(CacheError) -> Bool { throw .unavailable(reason: "down") }
        func clear() async throws(CacheError) { throw .unavailable(reason: "down") }
        func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? {
            throw .unavailable(reason: "down")
        }
    }

    @Test func `a cache that is down is a miss, and one event for many requests`() async throws {
        let cache = Cache(DownBackend())
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) {
            for _ in 0..<20 {
                #expect(try await cache.get("k", as: Int.self) == nil)
                try await cache.set("k", 1, for: .forever)
                #expect(try await !cache.add("k", 1, for: .forever))
                #expect(try await !cache.delete("k"))
                #expect(try await cache.incr("k") == nil)
                #expect(try await cache.getOrSet("k", for: .forever) { 5 } == 5)
            }
        }
        #expect(sink.events.map(\.name) == ["cache_unavailable"])
        #expect(sink.events.first?["error"] == .string("The cache does not answer: down."))
    }

    struct DownCommand: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Whether the answer is that of a cache that has nothing.
        let isMiss: @Sendable (Cache) async throws -> Bool
    }

    static let downCommands = [
        DownCommand(testDescription: "get") { try await $0.get("k", as: Int.self) == nil },
        DownCommand(testDescription: "set") {
            try await $0.set("k", 1, for: .forever)
            return true
        },
        DownCommand(testDescription: "add") { try await !$0.add("k", 1, for: .forever) },
        DownCommand(testDescription: "delete") { try await !$0.delete("k") },
        DownCommand(testDescription: "incr") { try await $0.incr("k") == nil },
        // It is `incr` by a negative number.
        DownCommand(testDescription: "incr") { try await $0.decr("k") == nil },
        DownCommand(testDescription: "touch") { try await !$0.touch("k", for: .minutes(1)) },
        DownCommand(testDescription: "get") { try await !$0.contains("k") },
        DownCommand(testDescription: "get_many") { try await $0.getMany(["a", "b"], as: Int.self) == [:] },
        DownCommand(testDescription: "set_many") {
            Set(try await $0.setMany(["a": 1, "b": 2], for: .forever)) == ["a", "b"]
        },
        DownCommand(testDescription: "delete_many") {
            try await $0.deleteMany(["a", "b"])
            return true
        },
        DownCommand(testDescription: "clear") {
            try await $0.clear()
            return true
        },
        DownCommand(testDescription: "incr_version") { try await !$0.incrVersion("k", for: .minutes(1)) },
        DownCommand(testDescription: "incr_version") { try await !$0.decrVersion("k", for: .minutes(1)) },
    ]

    @Test(arguments: downCommands)
    func `every command of a cache that is down is a miss, an event and a failure, and no error`(
        _ command: DownCommand
    ) async throws {
        var cache = Cache(DownBackend())
        let seen = Mutex<[CacheEvent]>([])
        cache.observer = { event in seen.withLock { $0.append(event) } }
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { [cache] () async throws in
            #expect(try await command.isMiss(cache))
        }
        let told = sink.events(named: "cache_unavailable")
        #expect(told.map { $0["command"] } == [.string(command.testDescription)])
        #expect(told.first?.level == .error)
        #expect(cache.statistics.failures == 1)
        let events = seen.withLock { $0 }
        #expect(events.map(\.command) == [command.testDescription])
        #expect(events.first?.error == .unavailable(reason: "down"))
    }

    @Test func `a value with a time to be stale is made while the cache is down`() async throws {
        let cache = Cache(DownBackend())
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            #expect(try await cache.getOrSet("k", for: .minutes(1), stale: .minutes(1)) { 7 } == 7)
        }
        #expect(sink.events.map(\.name) == ["cache_unavailable"])
        // Both looks, the marker and the value.
        #expect(cache.statistics.failures == 4)
    }
}
