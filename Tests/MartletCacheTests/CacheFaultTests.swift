import Foundation
import Glibc
import MartletCache
import MartletLogging
import Synchronization
import TestPrograms
import Testing

/// Real servers and disks that fail.
@Suite struct CacheFaultTests {
    private final class Shared: Sendable {
        let isDone = Atomic<Bool>(false)
        let errors = Atomic<Int>(0)
    }

    /// How soon is measured by `Scripts/bench cache`.
    @Test func `under load a killed server is never an error, and is used again when it is back`() async throws {
        let server = try MemcachedServer()
        let cache = Cache(try MemcachedBackend(at: server.location, connections: 3, timeout: .seconds(5)))
        let shared = Shared()
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<3 {
                    group.addTask {
                        var number = 0
                        while !shared.isDone.load(ordering: .relaxed) {
                            number += 1
                            let key = CacheKey("k\(task):\(number % 50)")
                            let made = "\(task):\(number % 50)"
                            let value = try? await cache.getOrSet(key, for: .minutes(1)) { made }
                            await Task.yield()
                            if value != made { shared.errors.wrappingAdd(1, ordering: .relaxed) }
                        }
                    }
                }
                for _ in 0..<2 {
                    while try await !cache.contains("k1:1") { await Task.yield() }
                    server.stop()
                    let failures = cache.statistics.failures
                    while cache.statistics.failures < failures + 20 { await Task.yield() }
                    try server.restart()
                    while try await !cache.contains("back") {
                        try await cache.set("back", 1, for: .minutes(1))
                        await Task.yield()
                    }
                }
                shared.isDone.store(true, ordering: .relaxed)
                try await group.waitForAll()
            }
        }
        #expect(shared.errors.load(ordering: .relaxed) == 0)
        server.stop()
    }

    @Test func `a server that hangs costs each request one timeout at most, and most of them nothing`() async throws {
        let server = try MemcachedServer()
        let cache = Cache(try MemcachedBackend(at: server.location, connections: 2, timeout: .milliseconds(300)))
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            try await cache.set("k", 1, for: .forever)
            try server.pause()
            var fast = 0
            for _ in 0..<40 {
                let start = ContinuousClock.now
                #expect(try await cache.get("k", as: Int.self) == nil)
                if start.duration(to: .now) < .milliseconds(100) { fast += 1 }
            }
            #expect(fast >= 30, "\(fast)")
            server.resume()
            for _ in 0..<1_000 where try await cache.get("k", as: Int.self) == nil {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(try await cache.get("k", as: Int.self) == 1)
        }
        server.stop()
    }

    // MARK: The file cache

    private func entry(_ count: Int, _ byte: UInt8 = 1) -> CacheEntry {
        CacheEntry(bytes: [UInt8](repeating: byte, count: count), flags: .bytes)
    }

    @Test func `files are bounded, and the oldest go first`() async throws {
        let folder = try TemporaryFolder()
        let backend = try FileBackend(folder: folder.path, capacity: 50_000)
        for number in 0..<100 { try await backend.set("k\(number)", entry(1_000), for: .forever) }
        let left = try await backend.getMany((0..<100).map { "k\($0)" })
        #expect(left.count < 50 && left.count > 20)
        #expect(left["k99"] != nil && left["k0"] == nil)
        await #expect(throws: CacheError.tooLarge(key: "k99", bytes: 60_000)) {
            try await backend.set("k99", entry(60_000), for: .forever)
        }
        #expect(try await backend.get("k99") == nil)
    }

    @Test func `a file that nobody has written as an entry is a miss`() async throws {
        let folder = try TemporaryFolder()
        let backend = try FileBackend(folder: folder.path)
        try await backend.set("k", entry(10), for: .forever)
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix("entry") })
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
        let damaged: [Data] = [
            Data(), whole.prefix(4), whole.prefix(17), whole.prefix(18), Data("XXXX".utf8) + whole.dropFirst(4),
        ]
        for data in damaged {
            try data.write(to: URL(fileURLWithPath: folder.file(name)))
            #expect(try await backend.get("k") == nil)
            #expect(try await backend.add("k", entry(5), for: .forever))
            #expect(try await backend.get("k") == entry(5))
        }
        // Another key's file under this key's name.
        try await backend.set("other", entry(7), for: .forever)
        let other = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix("entry") && $0 != name })
        try Data(contentsOf: URL(fileURLWithPath: folder.file(other))).write(
            to: URL(fileURLWithPath: folder.file(name)))
        #expect(try await backend.get("k") == nil)
    }

    @Test func `an entry ends by the clock that all processes share`() async throws {
        let folder = try TemporaryFolder()
        let time = Mutex(Date(timeIntervalSince1970: 1_767_268_800))
        let clock: @Sendable () -> Date = { time.withLock { $0 } }
        let first = try FileBackend(folder: folder.path, now: clock)
        try await first.set("k", entry(1), for: .seconds(10))
        let second = try FileBackend(folder: folder.path, now: clock)
        #expect(try await second.get("k") == entry(1))
        time.withLock { $0.addTimeInterval(10) }
        #expect(try await second.get("k") == nil)
        #expect(try await second.add("k", entry(2), for: .seconds(10)))
        #expect(try await first.get("k") == entry(2))
    }

    @Test func `a place that is no folder is refused`() throws {
        let folder = try TemporaryFolder()
        #expect(FileManager.default.createFile(atPath: folder.file("f"), contents: nil))
        for path in [folder.file("f"), folder.file("none/below"), "/dev/null", ""] {
            #expect(throws: CacheError.self) { try FileBackend(folder: path) }
        }
    }

    /// A file system of 128 KiB, or nothing where this process may not make one.
    private func withSmallDisk(_ test: (String) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let size = "size=128k"
        guard mount("martlet", folder.path, "tmpfs", 0, size) == 0 else {
            try Test.notRun("this user may not mount a file system")
        }
        defer { umount(folder.path) }
        try await test(folder.path)
    }

    @Test func `a full disk is a miss and an event, and what was to be replaced is gone`() async throws {
        try await withSmallDisk { path in
            let cache = Cache(try FileBackend(folder: path))
            let sink = MemorySink()
            try await Logger.with(LogSettings(sink: sink)) { () async throws in
                try await cache.set("k", "old", for: .forever)
                let large = [UInt8](repeating: 7, count: 300_000)
                try await cache.set("k", large, for: .forever)
                #expect(try await cache.get("k", as: String.self) == nil)
                #expect(try await cache.getOrSet("other", for: .forever) { large } == large)
                try await cache.set("k", "new", for: .forever)
                #expect(try await cache.get("k", as: String.self) == "new")
            }
            let event = try #require(sink.events(named: "cache_unavailable").first)
            #expect("\(String(describing: event["error"]))".contains("No space left on device"))
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(names.count { $0 != ".lock" } == 1, "no draft is left: \(names)")
        }
    }
}
