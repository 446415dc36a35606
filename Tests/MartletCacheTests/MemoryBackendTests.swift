import MartletCache
import Synchronization
import Testing

@Suite struct MemoryBackendTests {
    /// A clock that the test sets.
    private final class HandClock: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }
        func advance(_ duration: Duration) { instant.withLock { $0 += duration } }
    }

    private func entry(_ size: Int) -> CacheEntry {
        CacheEntry(bytes: [UInt8](repeating: 0x31, count: size), flags: .bytes)
    }

    @Test func `an entry lives as long as it was given, counted or not`() async throws {
        let clock = HandClock()
        let backend = MemoryBackend(now: { clock.now })
        try await backend.set("a", entry(1), for: .seconds(10))
        try await backend.set("b", entry(1), for: .forever)
        clock.advance(.milliseconds(9_999))
        #expect(try await backend.increment("a", by: 1) == 2)
        #expect(try await backend.get("a") != nil)
        clock.advance(.milliseconds(1))
        #expect(try await backend.get("a") == nil)
        #expect(try await backend.increment("a", by: 1) == nil)
        #expect(try await backend.add("a", entry(1), for: .seconds(1)))
        clock.advance(.seconds(1_000_000_000))
        #expect(try await !backend.delete("a"))
        #expect(try await backend.get("b") != nil)
        #expect(backend.count == 1)
    }

    @Test func `what was not asked for longest goes first`() async throws {
        // Each entry takes its bytes, twice its key, and 128.
        let backend = MemoryBackend(capacity: 3 * 1_130)
        for key in ["a", "b", "c"] { try await backend.set(key, entry(1_000), for: .forever) }
        _ = try await backend.get("a")
        try await backend.set("d", entry(1_000), for: .forever)
        #expect(try await backend.get("b") == nil)
        for key in ["a", "c", "d"] { #expect(try await backend.get(key) != nil) }
        #expect(backend.bytes == 3 * 1_130)
        try await backend.set("e", entry(2_000), for: .forever)
        #expect(backend.count == 2)
        #expect(try await backend.get("d") != nil)
        #expect(try await backend.get("e") != nil)
    }

    @Test func `an entry larger than all room is refused, and the old one is gone`() async throws {
        let backend = MemoryBackend(capacity: 1_000)
        try await backend.set("k", entry(1), for: .forever)
        await #expect(throws: CacheError.tooLarge(key: "k", bytes: 1_000)) {
            try await backend.set("k", entry(1_000), for: .forever)
        }
        #expect(try await backend.get("k") == nil)
        #expect(backend.bytes == 0)
    }

    @Test func `what was read of an entry comes back with it, and goes when the entry changes`() async throws {
        let backend = MemoryBackend()
        try await backend.set("k", CacheEntry(bytes: Array("41".utf8), flags: .integer, reading: 41), for: .forever)
        let entry = try #require(try await backend.get("k"))
        #expect(entry.reading as? Int == 41)
        #expect(entry == CacheEntry(bytes: Array("41".utf8), flags: .integer))
        // Twice the key, twice what was read, and 128.
        #expect(backend.bytes == 2 + 4 + 128)
        var other = entry
        other.bytes.append(0x30)
        #expect(other.reading == nil)
        #expect(try await backend.increment("k", by: 1) == 42)
        #expect(try await backend.get("k")?.reading == nil)
        #expect(backend.bytes == 2 + 2 + 128)
        #expect(try await backend.replace("k", other, with: entry, for: .forever) == .changed)
    }

    @Test func `the books balance after any number of steps`() async throws {
        let clock = HandClock()
        let backend = MemoryBackend(capacity: 20_000, now: { clock.now })
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            let key = "k\(Int.random(in: 0..<60, using: &generator))"
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: _ = try await backend.get(key)
            case 1: _ = try await backend.delete(key)
            case 2: clock.advance(.milliseconds(300))
            case 3: _ = try await backend.add(key, entry(.random(in: 1..<16)), for: .seconds(1))
            default: try await backend.set(key, entry(.random(in: 1..<1_500)), for: .seconds(5))
            }
            #expect(backend.bytes <= 20_000)
        }
        for number in 0..<60 { _ = try await backend.delete("k\(number)") }
        #expect(backend.bytes == 0)
        #expect(backend.count == 0)
    }
}
