import MartletCache
import TestPrograms
import Testing

/// Both ways through the same server: this cache, and `pymemcache` with the serde that Django's `PyMemcacheCache` uses.
@Suite struct DjangoCompatibilityTests {
    @Test func `Django reads what this cache stores, and this cache what Django stores`() async throws {
        let python = try await PythonEnvironment("pymemcache")
        let server = try MemcachedServer()
        let cache = Cache(try MemcachedBackend(at: server.location, timeout: .seconds(20)), prefix: "site", version: 3)
        try await cache.set("int", -42, for: .minutes(1))
        try await cache.set("text", "é\r\n😀", for: .minutes(1))
        try await cache.set("bytes", [0, 13, 10, 255] as [UInt8], for: .minutes(1))
        try await cache.set("json", ["a": [1, 2]], for: .minutes(1))
        try await cache.set("count", 5, for: .minutes(1))

        let printed = try await python.run(
            """
            import sys, json
            from pymemcache.client.base import Client
            from pymemcache.serde import pickle_serde
            client = Client(sys.argv[1], serde=pickle_serde, allow_unicode_keys=True)
            client.incr("site:3:count", 2)
            print(repr([client.get("site:3:" + key) for key in ("int", "text", "bytes", "json", "count")]))
            client.set("site:3:int2", 7)
            client.set("site:3:text2", "ü\\n")
            client.set("site:3:bytes2", bytes([0, 255]))
            client.set("site:3:pickle2", {"a": 1})
            client.set("site:3:bool2", True)
            client.set("site:3:object2", Client)
            """, server.location)
        #expect(printed == #"[-42, 'é\r\n😀', b'\x00\r\n\xff', '{"a":[1,2]}', 7]"# + "\n")
        #expect(try await cache.get("int2", as: Int.self) == 7)
        #expect(try await cache.incr("int2") == 8)
        #expect(try await cache.get("text2", as: String.self) == "ü\n")
        #expect(try await cache.get("bytes2", as: [UInt8].self) == [0, 255])
        #expect(try await cache.get("pickle2", as: [String: Int].self) == ["a": 1])
        #expect(try await cache.get("bool2", as: Bool.self) == true)
        // A pickle that would run something is not read.
        #expect(try await cache.get("object2", as: String.self) == nil)
        server.stop()
    }

    @Test func `Django finds on several servers what this cache stores, and the other way round`() async throws {
        let python = try await PythonEnvironment("django", "pymemcache")
        let servers = try (0..<3).map { _ in try MemcachedServer() }
        let locations = servers.map(\.location)
        let cache = Cache(
            try MemcachedBackend(at: locations.joined(separator: ";"), timeout: .seconds(20)), prefix: "site")
        for number in 0..<60 { try await cache.set(CacheKey("here:é😀:\(number)"), number, for: .minutes(5)) }
        let printed = try await python.run(
            """
            import sys, django
            from django.conf import settings
            settings.configure(CACHES={"default": {
                "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache", "LOCATION": sys.argv[1:],
                "KEY_PREFIX": "site"}})
            django.setup()
            from django.core.cache import cache
            print(sum(cache.get("here:é😀:%d" % number) == number for number in range(60)))
            print(sum(cache.get_many(["here:é😀:%d" % number for number in range(60)]).values()))
            for number in range(60):
                cache.set("there:é😀:%d" % number, "value %d" % number, 300)
            """, locations[0], locations[1], locations[2])
        #expect(printed == "60\n1770\n")
        let keys = (0..<60).map { CacheKey("there:é😀:\($0)") }
        let found = try await cache.getMany(keys, as: String.self)
        #expect(found.count == 60)
        #expect(found[keys[7]] == "value 7")
        for server in servers { server.stop() }
    }

    @Test func `values above a size are compressed as pymemcache does`() async throws {
        let python = try await PythonEnvironment("pymemcache")
        let server = try MemcachedServer()
        let cache = Cache(try MemcachedBackend(at: server.location, timeout: .seconds(20), compressAbove: 400))
        let text = String(repeating: "grüße ", count: 1_000)
        try await cache.set("text", text, for: .minutes(1))
        try await cache.set("small", "small", for: .minutes(1))
        let noise = (0..<1_000).map { _ in UInt8.random(in: 0...255) }
        try await cache.set("noise", noise, for: .minutes(1))
        let printed = try await python.run(
            """
            import sys
            from pymemcache.client.base import Client
            from pymemcache.serde import compressed_serde
            client = Client(sys.argv[1], serde=compressed_serde)
            print(client.get(":1:text") == "grüße " * 1000, client.get(":1:small"), len(client.get(":1:noise")))
            class Raw:
                def serialize(self, key, value): return value, 0
                def deserialize(self, key, value, flags): return len(value), flags
            raw = Client(sys.argv[1], serde=Raw())
            print(raw.get(":1:text")[0] < 200, raw.get(":1:text")[1], raw.get(":1:small"), raw.get(":1:noise"))
            client.set(":1:text2", "x" * 5000)
            """, server.location)
        #expect(printed == "True small 1000\nTrue 24 (5, 16) (1000, 0)\n")
        #expect(try await cache.get("text2", as: String.self) == String(repeating: "x", count: 5_000))
        #expect(try await cache.get("text", as: String.self) == text)
        server.stop()
    }
}
