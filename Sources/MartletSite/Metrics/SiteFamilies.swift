import MartletCache
import MartletMetrics
import MartletORM
import MartletServer
import MartletTracing
import MartletValues

/// The numbers that the parts of a site keep anyway, as metrics.
struct SiteFamilies {
    /// A database by its name.
    struct DatabasePool {
        let database: String
        let pool: PoolReport
    }

    var server = ServerStatistics()
    var pools: [DatabasePool] = []
    var cache = CacheStatistics()
    var droppedEvents = 0
    var spans = SpanRecorder.Statistics()
    var release = ""

    var all: [MetricFamily] { build + connections + databases + caches + logs }

    private var build: [MetricFamily] {
        let labels = [
            MetricLabel("version", martletVersion), MetricLabel("swift", swiftVersion), MetricLabel("release", release),
        ]
        return [
            MetricFamily(
                MetricInfo(
                    .gauge, "martlet_build_info", "Always 1: which Martlet, Swift and release of the site this is.",
                    labels: labels.map(\.name)),
                [MetricSample(1, labels: labels)])
        ]
    }

    private var connections: [MetricFamily] {
        [
            MetricFamily(.gauge, "http_connections", "Open connections of clients.", Double(server.connections)),
            MetricFamily(
                .counter, "http_connections_accepted_total", "Connections that were accepted.",
                Double(server.accepted)),
            MetricFamily(
                .counter, "http_connections_refused_total", "Connections that were told that there are too many.",
                Double(server.refused)),
            MetricFamily(
                .counter, "http_received_bytes_total", "Bytes that clients have sent, without what encryption adds.",
                Double(server.receivedBytes)),
            MetricFamily(
                .counter, "http_sent_bytes_total", "Bytes that clients were sent, without what encryption adds.",
                Double(server.sentBytes)),
        ]
    }

    private var databases: [MetricFamily] {
        [
            poolFamily(.gauge, "database_pool_limit", "The most connections at once.") { Double($0.limit) },
            MetricFamily(
                MetricInfo(
                    .gauge, "database_pool_connections", "Open connections, lent or idle.",
                    labels: ["database", "pool", "state"]),
                pools.flatMap { entry in
                    let statistics = entry.pool.statistics
                    return [("idle", statistics.idle), ("used", statistics.used)].map { state, count in
                        MetricSample(Double(count), labels: entry.labels + [MetricLabel("state", state)])
                    }
                }),
            poolFamily(.gauge, "database_pool_waiting", "Tasks that wait for a connection.") {
                Double($0.statistics.waiting)
            },
            poolFamily(.counter, "database_pool_leases_total", "Connections that were lent.") {
                Double($0.statistics.leases)
            },
            poolFamily(.counter, "database_pool_timeouts_total", "Waits for a connection that took too long.") {
                Double($0.statistics.timeouts)
            },
            MetricFamily(
                MetricInfo(
                    .histogram, "database_pool_wait_seconds", "How long tasks have waited for a connection in line.",
                    labels: ["database", "pool"], buckets: WaitTimes.bounds.map { $0 / .seconds(1) }),
                pools.flatMap { $0.pool.statistics.waits.samples($0.labels) }),
        ]
    }

    private func poolFamily(
        _ kind: MetricInfo.Kind, _ name: String, _ help: String, _ value: (PoolReport) -> Double
    ) -> MetricFamily {
        MetricFamily(
            MetricInfo(kind, name, help, labels: ["database", "pool"]),
            pools.map { MetricSample(value($0.pool), labels: $0.labels) })
    }

    private var caches: [MetricFamily] {
        [
            MetricFamily(.counter, "cache_hits_total", "Values that were asked for and found.", Double(cache.hits)),
            MetricFamily(
                .counter, "cache_misses_total", "Values that were asked for and not found.", Double(cache.misses)),
            MetricFamily(.counter, "cache_writes_total", "Values that were to be stored.", Double(cache.writes)),
            MetricFamily(
                .counter, "cache_failures_total", "Calls without an answer: the cache was down or slow.",
                Double(cache.failures)),
            MetricFamily(
                .counter, "cache_stale_total", "Hits past their lifetime, handed out while a new value was made.",
                Double(cache.stale)),
        ]
    }

    private var logs: [MetricFamily] {
        [
            MetricFamily(
                .counter, "log_events_dropped_total", "Log events that there was no room for.", Double(droppedEvents)),
            MetricFamily(
                MetricInfo(
                    .counter, "trace_spans_total", "Spans that were sent, dropped for want of room, or not taken.",
                    labels: ["outcome"]),
                [("dropped", spans.dropped), ("failed", spans.failed), ("sent", spans.sent)].map { outcome, count in
                    MetricSample(Double(count), labels: [MetricLabel("outcome", outcome)])
                }),
        ]
    }
}

extension SiteFamilies.DatabasePool {
    var labels: [MetricLabel] { [MetricLabel("database", database), MetricLabel("pool", pool.name)] }
}

extension WaitTimes {
    fileprivate func samples(_ labels: [MetricLabel]) -> [MetricSample] {
        let bounds = WaitTimes.bounds.map { MetricSample.bound($0 / .seconds(1)) } + [MetricSample.bound(.infinity)]
        let buckets = zip(bounds, counts + [count]).map { bound, count in
            MetricSample(Double(count), labels: labels + [bound], suffix: "_bucket")
        }
        return buckets + [
            MetricSample(sum / .seconds(1), labels: labels, suffix: "_sum"),
            MetricSample(Double(count), labels: labels, suffix: "_count"),
        ]
    }
}

#if swift(>=6.4)
private let swiftVersion = "6.4"
#else
private let swiftVersion = "6.3"
#endif
