import MartletCache
import MartletLogging
import MartletMetrics
import MartletORM
package import MartletServer
import MartletTracing
import Synchronization

extension RunningSite {
    /// Notes the server that answers for the site, so that metrics tell of its connections and ``MartletSite/healthURLs`` of
    /// its end.
    package func isServed(by server: Server) {
        servers.withLock { $0 = $0.filter { $0.server != nil } + [WeakServer(server: server)] }
    }

    /// What the parts of the site have counted. Asks for the log of the current task.
    var families: [MetricFamily] {
        var families = SiteFamilies()
        families.server = servers.withLock { $0 }.compactMap(\.server).first?.statistics ?? ServerStatistics()
        families.pools = allDatabases.flatMap { name, database in
            database.backend.pools.map { SiteFamilies.DatabasePool(database: name, pool: $0) }
        }
        families.cache = cache.statistics
        families.droppedEvents = Logger.droppedEvents
        families.spans = tracing?.recorder.statistics ?? SpanRecorder.Statistics()
        families.release = settings.reports.release ?? ""
        return families.all
    }

    /// The site's databases with their names.
    var allDatabases: [(name: String, database: Database)] {
        guard let databases else { return [("database", database)] }
        let replicas = databases.replicas.enumerated().map { ("replica \($0 + 1)", $1) }
        let others = databases.others.map { ($0.key.description, $0.value) }.sorted { $0.0 < $1.0 }
        return [("database", databases.primary)] + replicas + others
    }

    /// Whether a server of the site was told to stop.
    var isDraining: Bool { servers.withLock { $0 }.contains { $0.server?.isDraining == true } }
}

/// A server holds its site, so the site must not hold the server.
struct WeakServer: Sendable {
    weak var server: Server?
}
