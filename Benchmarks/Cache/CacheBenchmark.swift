import Glibc
import MartletCache

/// `CacheBenchmark LOCATION TASKS SECONDS`: gets and sets a second by so many tasks over one connection; prints two numbers.
///
/// `CacheBenchmark LOCATION watch`: prints `up` or `down` whenever the server begins to answer, or no longer does.
@main enum CacheBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[2] == "watch" { try await watch(arguments[1]) }
        guard arguments.count == 4, let tasks = Int(arguments[2]), let seconds = Double(arguments[3]) else { exit(2) }
        let cache = Cache(try MemcachedBackend(at: arguments[1], connections: 1, timeout: .seconds(10)))
        let key: CacheKey = "benchmark"
        let value = [UInt8](repeating: 120, count: 100)
        try await cache.set(key, value, for: .forever)
        let gets = try await rate(tasks, seconds) { try await cache.get(key, as: [UInt8].self) == value }
        let sets = try await rate(tasks, seconds) {
            try await cache.set(key, value, for: .forever)
            return true
        }
        guard cache.statistics.failures == 0 else { exit(1) }
        print(gets, sets)
    }

    private static func watch(_ location: String) async throws -> Never {
        let cache = Cache(try MemcachedBackend(at: location, connections: 1))
        var wasUp: Bool?
        while true {
            try await cache.set("watched", 1, for: .minutes(1))
            let isUp = try await cache.contains("watched")
            if isUp != wasUp {
                print(isUp ? "up" : "down")
                fflush(nil)
            }
            wasUp = isUp
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// How often all tasks together do something in a second.
    private static func rate(
        _ tasks: Int, _ seconds: Double, _ operation: @escaping @Sendable () async throws -> Bool
    ) async throws -> Double {
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<tasks {
                group.addTask {
                    var count = 0
                    while ContinuousClock.now < end {
                        guard try await operation() else { exit(1) }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        let (whole, parts) = start.duration(to: .now).components
        return Double(count) / (Double(whole) + Double(parts) / 1e18)
    }
}
