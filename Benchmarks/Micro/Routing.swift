import MartletHTTP
import MartletRouting
import Measuring

/// Finding one of 10, 100, 1,000 and 10,000 routes, a path that none of them matches, and the way there at start-up.
@Sendable func routingOperations() async throws -> [Operation] {
    var operations: [Operation] = []
    for count in [10, 100, 1_000, 10_000] {
        let sample = RoutingSample(count)
        let table = try RouteTable(sample.urls)
        operations.append(finding("\(count) routes, found", sample.paths, in: table))
        operations.append(finding("\(count) routes, not found", sample.misses, in: table))
        if count == 10_000 {
            operations.append(finding("\(count) routes, each as often as any other", sample.evenPaths, in: table))
            operations.append(
                Operation("\(count) routes, each checked and built", count: count) {
                    try RouteTable(sample.urls).routes.count
                })
        }
    }
    let hosts = try RouteTable(
        URLs {
            for number in 0..<100 { host("site\(number).example.org", RoutingSample(10).urls) }
            host("<slug:tenant>.example.net", URLs { path("", { (_, _: String) in Response("") }) })
        })
    let asked = RequestHost("site50.example.org")
    operations.append(finding("10 routes on each of 100 hosts, found", RoutingSample(10).paths, in: hosts, on: asked))
    return operations
}

private func finding(
    _ name: String, _ paths: [String], in table: RouteTable, on host: RequestHost? = nil
) -> Operation {
    Operation(name, count: paths.count) {
        paths.reduce(0) { found, path in table.match(path, host: host) == nil ? found : found + 1 }
    }
}

/// A table like that of a site: apps of five routes each.
private struct RoutingSample {
    let urls: URLs
    /// Paths of up to 1,000 different routes all over the table, as a site's requests go to few of its routes most of the
    /// time; the same number for each size.
    let paths: [String]
    /// Paths of all routes.
    let evenPaths: [String]
    /// Paths that begin as routes do.
    let misses: [String]

    init(_ count: Int) {
        let apps = count / 5
        urls = URLs {
            for app in 0..<apps {
                include(
                    "app\(app)/",
                    URLs {
                        path("", { _ in Response("") })
                        path("new/", { _ in Response("") })
                        path("<int:id>/", { (_, _: Int) in Response("") })
                        path("<int:id>/edit/", { (_, _: Int) in Response("") })
                        path("by-slug/<slug:slug>/", { (_, _: String) in Response("") })
                    })
            }
        }
        let spread = (0..<20_000).map { _ in Int.random(in: 0..<min(apps, 200)) * max(1, apps / 200) }
        let even = (0..<20_000).map { _ in Int.random(in: 0..<apps) }
        let rests = ["", "new/", "4711/", "4711/edit/", "by-slug/a-small-bird/"]
        func paths(_ apps: [Int]) -> [String] {
            apps.enumerated().map { index, app in "/app\(app)/\(rests[index % rests.count])" }
        }
        self.paths = paths(spread)
        evenPaths = paths(even)
        misses = spread.map { "/app\($0)/4711/remove/" }
    }
}
