import MartletHTTP
import MartletMetrics
import MartletRouting

/// Counts requests by the name of their route, method and status, and how long they take.
final class RequestMetrics: Sendable {
    private let finished = Counter<RequestLabels>(
        "http_requests_total", "Requests that were answered.", names: ["route", "method", "status"], limit: 10_000)
    private let durations = Histogram<RequestLabels>(
        "http_request_duration_seconds", "From a request's head until its answer is ready to be sent.",
        buckets: standardBuckets, names: ["route", "method"], limit: 2_000)
    private let inFlight = Gauge("http_requests_in_flight", "Requests that are being answered.")

    private let labels: [ObjectIdentifier: RouteLabel]
    private let unmatched = RouteLabel("")

    var all: [any Metric] { [finished, durations, inFlight] }

    init(_ routes: RouteTable) {
        var known: [String: RouteLabel] = [:]
        var labels: [ObjectIdentifier: RouteLabel] = [:]
        for route in routes.routes {
            let text = route.name ?? "/" + route.pattern
            // Routes may share a name, and a series may not stand twice.
            let label = known[text] ?? RouteLabel(text)
            known[text] = label
            labels[ObjectIdentifier(route)] = label
        }
        self.labels = labels
    }

    /// A handler that counts what another answers; it stands outside of the dispatcher, whose responses know their route.
    func measuring(_ handler: @escaping Handler) -> Handler {
        { [self] request in
            let start = ContinuousClock.now
            inFlight.increment()
            defer { inFlight.decrement() }
            do {
                let response = try await handler(request)
                count(response.route, request.method, response.status.code, start.duration(to: .now))
                return response
            } catch {
                // The client has gone away: nginx calls that 499.
                count(nil, request.method, 499, start.duration(to: .now))
                throw error
            }
        }
    }

    private func count(_ route: RouteInfo?, _ method: HTTPMethod, _ status: Int, _ duration: Duration) {
        let route = route.flatMap { labels[ObjectIdentifier($0)] } ?? unmatched
        let method = MethodLabel(method)
        finished.series(RequestLabels(route, method, status: status)).increment()
        durations.series(RequestLabels(route, method, status: nil)).observe(duration)
    }
}

/// The name of a route, made once; two of them are the same when they are one object.
final class RouteLabel: Sendable {
    let text: String

    init(_ text: String) { self.text = text }
}

/// The methods that are told apart; whatever else a client thinks of is `other`.
enum MethodLabel: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    case trace = "TRACE"
    case connect = "CONNECT"
    case other

    init(_ method: HTTPMethod) { self = method == .get ? .get : MethodLabel(rawValue: method.rawValue) ?? .other }
}

/// What tells requests apart, without a text to hash.
struct RequestLabels: LabelValues {
    private let route: RouteLabel?
    private let method: MethodLabel
    private let status: Int?

    init(_ route: RouteLabel?, _ method: MethodLabel, status: Int?) {
        self.route = route
        self.method = method
        self.status = status
    }

    var texts: [String] {
        [route?.text ?? "other", method.rawValue] + (status.map { [route == nil ? "other" : "\($0)"] } ?? [])
    }

    static var other: Self { Self(nil, .other, status: 0) }

    static func == (left: Self, right: Self) -> Bool {
        left.route === right.route && left.method == right.method && left.status == right.status
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(route.map { ObjectIdentifier($0) })
        hasher.combine(method)
        hasher.combine(status)
    }
}
