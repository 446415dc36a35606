import MartletCache
import Synchronization
import TestPrograms
import Testing

@Suite struct SingleFlightTests {
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

    /// Lets something happen just after a look-up, or just after a value was stored.
    private struct LateBackend: CacheBackend {
        @TaskLocal static var pause: (@Sendable () async -> Void)?
        @TaskLocal static var afterSet: (@Sendable (String) async -> Void)?
        let inner = MemoryBackend()

        func get(_ key: String) async throws(CacheError) -> CacheEntry? {
            let entry = try await inner.get(key)
            if let pause = Self.pause, entry == nil { await pause() }
            return entry
        }
        func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
            try await inner.set(key, entry, for: lifetime)
            await Self.afterSet?(key)
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
        #expect(values == [Int](repeating: 1, count: 100))
        #expect(worked.value == 1)
        #expect(try await cache.get("k", as: Int.self) == 1)
    }

    @Test func `a task that has missed just before the value came does not work it out again`() async throws {
        let (backend, missed, stored) = (LateBackend(), Gate(), Gate())
        let cache = Cache(backend)
        let late = Task {
            try await LateBackend.$pause.withValue({
                await missed.open()
                await stored.wait()
            }) { try await cache.getOrSet("k", for: .forever) { 2 } }
        }
        await missed.wait()
        // Between the miss of the other and its flight.
        #expect(try await cache.getOrSet("k", for: .forever) { 1 } == 1)
        await stored.open()
        #expect(try await late.value == 1)
        #expect(try await cache.get("k", as: Int.self) == 1)
    }

    @Test func `a hundred tasks that miss a value with a time to be stale work it out once`() async throws {
        // Two looks each for the value and its marker, and one more before the work.
        let backend = CountingBackend(expected: 300)
        let cache = Cache(backend)
        let worked = Counter()
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await cache.getOrSet("k", for: .hours(1), stale: .hours(1)) {
                        await backend.allMissed.wait()
                        return worked.increase()
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values == [Int](repeating: 1, count: 100))
        #expect(worked.value == 1)
        #expect(cache.statistics.stale == 0)
    }

    @Test func `a value that is stored is never without its mark, or it would be made twice`() async throws {
        let backend = LateBackend()
        let cache = Cache(backend)
        let worked = Counter()
        let value = try await LateBackend.$afterSet.withValue({ key in
            guard key == ":1:k" else { return }
            // Somebody who comes the moment the value is there.
            let other = try? await LateBackend.$afterSet.withValue(nil) {
                try await cache.getOrSet("k", for: .hours(1), stale: .hours(1)) { worked.increase() }
            }
            #expect(other == 1)
        }) { try await cache.getOrSet("k", for: .hours(1), stale: .hours(1)) { worked.increase() } }
        #expect(value == 1)
        #expect(worked.value == 1)
        #expect(cache.statistics.stale == 0)
    }

    @Test func `while one task makes a stale value anew everyone else gets the old one`() async throws {
        let time = Mutex(ContinuousClock.now)
        let cache = Cache(MemoryBackend(now: { time.withLock { $0 } }))
        let (worked, begun, finish) = (Counter(), Gate(), Gate())
        @Sendable func value() async throws -> Int {
            try await cache.getOrSet("k", for: .seconds(10), stale: .seconds(60)) {
                let number = worked.increase()
                if number > 1 {
                    await begun.open()
                    await finish.wait()
                }
                return number
            }
        }
        #expect(try await value() == 1)
        time.withLock { $0 += .seconds(11) }
        let first = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 { group.addTask { try await value() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(first == [Int](repeating: 1, count: 100))
        await begun.wait()
        // Still in the middle of it.
        for _ in 0..<10 { #expect(try await value() == 1) }
        #expect(worked.value == 2)
        #expect(cache.statistics.stale == 110)
        await finish.open()
        while try await cache.get("k", as: Int.self) == 1 { await Task.yield() }
        #expect(try await value() == 2)
        #expect(worked.value == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a stale value that another value is made of is made anew, too`() async throws {
        let time = Mutex(ContinuousClock.now)
        let cache = Cache(MemoryBackend(now: { time.withLock { $0 } }))
        let worked = Counter()
        @Sendable func page() async throws -> Int {
            try await cache.getOrSet("page", for: .seconds(5)) {
                try await cache.getOrSet("tags", for: .seconds(10), stale: .seconds(60)) { worked.increase() }
            }
        }
        #expect(try await page() == 1)
        time.withLock { $0 += .seconds(11) }
        #expect(try await page() == 1)
        while try await cache.get("tags", as: Int.self) == 1 { await Task.yield() }
        #expect(try await cache.get("tags", as: Int.self) == 2)
        #expect(worked.value == 2)
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
