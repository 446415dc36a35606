import Glibc
import MartletCache

/// `CacheBenchmark LOCATION TASKS SECONDS`: gets and sets a second by so many tasks over one connection; prints two numbers.
@main enum CacheBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
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
