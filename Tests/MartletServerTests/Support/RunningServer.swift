import MartletHTTP
import MartletIO
import MartletServer
import Synchronization

/// The events of a server, for tests to look at.
final class EventLog: Sendable {
    private let events = Mutex<[ServerEvent]>([])

    func add(_ event: ServerEvent) { events.withLock { $0.append(event) } }

    func all(_ kind: ServerEvent.Kind) -> [ServerEvent] {
        events.withLock { events in events.filter { $0.kind == kind } }
    }

    func count(_ kind: ServerEvent.Kind) -> Int {
        events.withLock { events in events.count { $0.kind == kind } }
    }

    func first(_ kind: ServerEvent.Kind) -> ServerEvent? {
        events.withLock { events in events.first { $0.kind == kind } }
    }
}

/// What happened, in order.
final class Journal: Sendable {
    private let log = Mutex<[String]>([])

    var entries: [String] { log.withLock { $0 } }

    func add(_ entry: String) { log.withLock { $0.append(entry) } }
}

/// A condition that one task waits for and another makes true.
final class Signal: Sendable {
    private struct State {
        var isGiven = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func give() {
        let waiters = state.withLock { state in
            state.isGiven = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { waiter in
            let isGiven = state.withLock { state in
                if !state.isGiven { state.waiters.append(waiter) }
                return state.isGiven
            }
            if isGiven { waiter.resume() }
        }
    }
}

/// Runs a server on a free port around `body`.
func withServer(
    _ configure: (inout ServerSettings) -> Void = { _ in }, log: EventLog = EventLog(),
    handler: @escaping Handler, _ body: (SocketAddress, Server) async throws -> Void
) async throws {
    var settings = ServerSettings()
    settings.port = 0
    settings.workers = 2
    // A test that is not about time must not fail where time is short: on a busy machine, or under a sanitizer.
    settings.headTimeout = .seconds(120)
    settings.idleTimeout = .seconds(1_000)
    settings.bodyTimeout = .seconds(120)
    settings.writeTimeout = .seconds(120)
    // Clients that neither read nor close must not hold up a test.
    settings.keepAliveGrace = .milliseconds(20)
    settings.drainTimeout = .milliseconds(200)
    configure(&settings)
    let server = Server(settings: settings, events: { log.add($0) }, handler: handler)
    let address = try await server.start()
    do {
        try await body(address, server)
    } catch {
        await server.stop(grace: .zero)
        throw error
    }
    await server.stop(grace: .zero)
}

/// Answers with what the request was: `GET /path [body]`.
let echo: Handler = { request in
    let body = try await request.body.collect()
    return Response("\(request.method) \(request.path) [\(String(decoding: body, as: UTF8.self))]")
}

extension String {
    /// The text without its `Date` lines, which change.
    var withoutDate: String {
        split(separator: "\r\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("Date: ") }
            .joined(separator: "\r\n")
    }
}
