import MartletCache
import MartletLogging
import MartletORM
import MartletTiming
import Synchronization

extension RunningSite {
    /// Tries everything that the site needs at once, each within its own time.
    func health(time: TimeSource = .system) async -> Health {
        let dependencies = probes + site.apps.flatMap(\.dependencies).filter { $0.readiness != .ignored }
        let checks = await withTaskGroup(of: (Int, Health.Check).self) { group in
            for (index, dependency) in dependencies.enumerated() {
                group.addTask {
                    let start = time.now()
                    let finding = await dependency.tried(on: self, time)
                    return (
                        index,
                        Health.Check(
                            name: dependency.name, isRequired: dependency.readiness == .required, finding: finding,
                            duration: start.duration(to: time.now()))
                    )
                }
            }
            var checks: [(Int, Health.Check)] = []
            for await check in group { checks.append(check) }
            return checks.sorted { $0.0 < $1.0 }.map(\.1)
        }
        tellChanges(checks)
        return Health(checks)
    }

    /// The databases and the cache as requests use them: the same pools, the same servers left alone after a failure.
    private var probes: [Dependency] {
        let timeout = settings.healthTimeout
        let databases = allDatabases.map { name, database in
            Dependency(name, timeout: timeout, slowAfter: timeout, readiness: .required) { _ in
                _ = try await database.rows(Statement("SELECT 1")) { $0.value(at: 0) }
                return .ok("")
            }
        }
        let cache = Dependency("cache", timeout: timeout, slowAfter: timeout, readiness: .required) { [cache] _ in
            try await cache.answer()
            return .ok("")
        }
        return databases + [cache]
    }

    /// Logs what has broken and what is well again since the last look: once, and not every few seconds.
    private func tellChanges(_ checks: [Health.Check]) {
        let broken = Set(checks.filter(\.isBroken).map(\.name))
        let before = brokenDependencies.withLock { known in
            defer { known = broken }
            return known
        }
        for check in checks where check.isBroken && !before.contains(check.name) {
            log.error(
                "dependency_down", dependency: check.name, required: check.isRequired, error: check.finding.message)
        }
        for name in before.subtracting(broken).sorted() { log.info("dependency_up", dependency: name) }
    }
}

private let log = Logger("martlet.health")
