import MartletCache
import Synchronization
import Testing

@Suite struct SingleFlightTests {
    /// Opened once; whoever waits goes on then.
    private actor Gate {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func wait() async {
            if isOpen { return }
            await withCheckedContinuation { waiting.append($0) }
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    private final class Counter: Sendable {
        private let number = Mutex(0)
        var value: Int { number.withLock { $0 } }
        @discardableResult func increase() -> Int {
            number.withLock { number in
                number += 1
                return number
            }
        }
    }

    private struct Broken: Error {}

    /// Counts look-ups, so that a test knows when all tasks have missed.
    private struct CountingBackend: CacheBackend {
        let inner = MemoryBackend()
        let gets = Counter()
        let allMissed = Gate()
        let expected: Int

        func get(_ key: String) async throws(CacheError) -> CacheEntry? {
            let entry = try await inner.get(key)
            if gets.increase() == expected { await allMissed.open() }
            return entry
        }
        func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
            try await inner.set(key, entry, for: lifetime)
        }
        func add(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
            try await inner.add(key, entry, for: lifetime)
        }
        func replace(
            _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
        ) async throws(CacheError) -> CacheReplacement {
            try await inner.replace(key, old, with: new, for: lifetime)
        }
        func delete(_ key: String) async throws(CacheError) -> Bool { try await inner.delete(key) }
        func clear() async throws(CacheError) { try await inner.clear() }
        func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? { nil }
    }

    @Test func `a hundred tasks that miss work the value out once`() async throws {
        let backend = CountingBackend(expected: 100)
        let cache = Cache(backend)
        let worked = Counter()
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await cache.getOrSet("k", for: .forever) {
                        await backend.allMissed.wait()
                        return worked.increase()
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values.count == 100)
        // A task that has missed but not yet joined when the first value is there works it out anew; it cannot be many.
        #expect(worked.value < 10)
        #expect(try await cache.get("k", as: Int.self) != nil)
    }

    @Test func `who waits gets the error too, and the next one tries again`() async throws {
        let backend = CountingBackend(expected: 2)
        let cache = Cache(backend)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do {
                        _ = try await cache.getOrSet("k", for: .forever) { () async throws -> Int in
                            await backend.allMissed.wait()
                            throw Broken()
                        }
                        return false
                    } catch { return error is Broken }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == [true, true])
        #expect(try await cache.getOrSet("k", for: .forever) { 3 } == 3)
    }

    @Test func `when the working task is cancelled another takes its place`() async throws {
        let cache = Cache(MemoryBackend())
        let started = Gate()
        let first = Task {
            try await cache.getOrSet("k", for: .forever) { () async throws -> Int in
                await started.open()
                while !Task.isCancelled { await Task.yield() }
                throw CancellationError()
            }
        }
        await started.wait()
        let second = Task { try await cache.getOrSet("k", for: .forever) { 2 } }
        first.cancel()
        #expect(try await second.value == 2)
        await #expect(throws: CancellationError.self) { try await first.value }
    }

    @Test func `a task that waits can be cancelled`() async throws {
        let cache = Cache(MemoryBackend())
        let started = Gate()
        let finish = Gate()
        let first = Task {
            try await cache.getOrSet("k", for: .forever) { () async -> Int in
                await started.open()
                await finish.wait()
                return 1
            }
        }
        await started.wait()
        let second = Task { try await cache.getOrSet("k", for: .forever) { 2 } }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        await finish.open()
        #expect(try await first.value == 1)
    }

    @Test func `a value that was deleted while it was worked out is not stored`() async throws {
        let cache = Cache(MemoryBackend())
        let value = try await cache.getOrSet("k", for: .forever) { () async throws -> String in
            try await cache.delete("k")
            return "out of date"
        }
        #expect(value == "out of date")
        #expect(try await cache.get("k", as: String.self) == nil)
        _ = try await cache.getOrSet("k", for: .forever) { () async throws -> String in
            try await cache.set("k", "newer", for: .forever)
            return "out of date"
        }
        #expect(try await cache.get("k", as: String.self) == "newer")
    }

    @Test func `asking for a value while it is worked out does not hang`() async throws {
        let cache = Cache(MemoryBackend())
        let value = try await cache.getOrSet("k", for: .forever) { () async throws -> Int in
            try await cache.getOrSet("k", for: .forever) { 1 } + 1
        }
        #expect(value == 2)
    }

    @Test func `two tasks that ask for each other's value do not hang`() async throws {
        let cache = Cache(MemoryBackend())
        let aStarted = Gate()
        let bStarted = Gate()
        async let a = cache.getOrSet("a", for: .forever) { () async throws -> Int in
            await aStarted.open()
            await bStarted.wait()
            return try await cache.getOrSet("b", for: .forever) { 10 }
        }
        async let b = cache.getOrSet("b", for: .forever) { () async throws -> Int in
            await bStarted.open()
            await aStarted.wait()
            return try await cache.getOrSet("a", for: .forever) { 20 }
        }
        let both = try await [a, b]
        #expect(both.allSatisfy { $0 == 10 || $0 == 20 })
    }

    @Test func `one key under two types does not hang or mix them up`() async throws {
        let backend = CountingBackend(expected: 2)
        let cache = Cache(backend)
        async let number = cache.getOrSet("k", for: .forever) { () async throws -> Int in
            await backend.allMissed.wait()
            return 1
        }
        async let text = cache.getOrSet("k", for: .forever) { () async throws -> String in
            await backend.allMissed.wait()
            return "one"
        }
        #expect(try await number == 1)
        #expect(try await text == "one")
    }
}
