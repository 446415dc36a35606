import Glibc
public import MartletHTTP
public import MartletIO
import Synchronization

/// An HTTP/1.1 server.
///
/// ```swift
/// let server = Server(settings: settings) { request in Response("Hello") }
/// try await server.run()
/// ```
///
/// Every worker has a listening socket of its own on the same port; the kernel spreads the connections. A connection
/// stays on its worker, in one task, which also runs the views.
///
/// Source: [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112).
public final class Server: Sendable {
    private enum Phase {
        case ready
        case running([Listener])
        case stopped
    }

    private let settings: ServerSettings
    private let handler: Handler
    private let scope: ConnectionScope?
    private let events: ServerEvents
    private let count: ConnectionCount

    /// Shared by whoever starts and stops; held only to look or to change over.
    private let phase = Mutex(Phase.ready)

    /// How long views that were cancelled may take to notice.
    private static let cancellationGrace = Duration.milliseconds(500)

    /// Makes a server; ``start()`` or ``run(started:)`` opens it.
    ///
    /// - Parameters:
    ///   - settings: Where to listen, limits and timeouts.
    ///   - events: Takes what no response tells, for the log.
    ///   - scope: Runs each connection; binds task-local values for all of its requests.
    ///   - handler: Answers the requests.
    public init(
        settings: ServerSettings = ServerSettings(), events: @escaping ServerEvents = { _ in },
        scope: ConnectionScope? = nil, handler: @escaping Handler
    ) {
        self.settings = settings
        self.events = events
        self.scope = scope
        self.handler = handler
        count = ConnectionCount(limit: settings.maximumConnections)
    }

    /// Opens the listening sockets and begins to serve.
    ///
    /// - Returns: The address, with the port the system has chosen when the settings say 0.
    /// - Throws: `SystemCallError` when the address cannot be listened on; ``ServerError/alreadyStarted``.
    @discardableResult
    public func start() async throws -> SocketAddress {
        let (listeners, address) = try makeListeners()
        let isFirst = phase.withLock { phase in
            guard case .ready = phase else { return false }
            phase = .running(listeners)
            return true
        }
        guard isFirst else { throw ServerError.alreadyStarted }
        for listener in listeners {
            try await withTaskExecutorPreference(listener.worker) { try listener.start() }
        }
        events(ServerEvent(kind: .listening, message: "Listening on http://\(address)/"))
        return address
    }

    private func makeListeners() throws -> ([Listener], SocketAddress) {
        let count = settings.workers > 0 ? settings.workers : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        var descriptors: [Int32] = []
        do {
            let (first, address) = try Socket.listen(
                host: settings.host, port: settings.port, backlog: settings.backlog)
            descriptors.append(first)
            for _ in 1..<max(count, 1) {
                descriptors.append(
                    try Socket.listen(host: address.host, port: address.port, backlog: settings.backlog).descriptor)
            }
            let listeners = try descriptors.enumerated().map { index, descriptor in
                Listener(
                    descriptor: descriptor, worker: try Worker(index: index), settings: settings, scope: scope,
                    handler: handler, events: events, count: self.count)
            }
            return (listeners, address)
        } catch {
            for descriptor in descriptors { Socket.close(descriptor) }
            throw error
        }
    }

    /// Stops accepting connections, closes idle ones, and waits for the requests in progress.
    ///
    /// Answers that are sent from now on say `Connection: close`. Views that are still at work after `grace` are
    /// cancelled. Returns when every connection has closed, or shortly after the cancellation.
    ///
    /// - Parameter grace: How long to wait; the settings' ``ServerSettings/shutdownGrace`` unless told.
    ///
    /// Source: [RFC 9112 §9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6).
    public func stop(grace: Duration? = nil) async {
        guard let listeners = listeners() else { return }
        events(ServerEvent(kind: .stopping, message: "Stopping: no new connections."))
        for listener in listeners {
            await withTaskExecutorPreference(listener.worker) { listener.drain() }
        }
        let grace = grace ?? settings.shutdownGrace
        let timer = Task { [self] in
            try await Task.sleep(for: grace)
            await abort()
        }
        await count.none()
        timer.cancel()
        phase.withLock { $0 = .stopped }
        events(ServerEvent(kind: .stopped, message: "Stopped."))
    }

    /// Cancels every view and closes every connection.
    private func abort() async {
        for listener in listeners() ?? [] {
            await withTaskExecutorPreference(listener.worker) { listener.abort() }
        }
        try? await Task.sleep(for: Self.cancellationGrace)
        count.giveUp()
    }

    private func listeners() -> [Listener]? {
        phase.withLock { phase in
            if case .running(let listeners) = phase { listeners } else { nil }
        }
    }

    /// Starts, serves until SIGTERM or SIGINT, and stops; a second signal ends the waiting for requests in progress.
    ///
    /// - Parameter started: Is told the address.
    /// - Throws: As ``start()``.
    public func run(started: @Sendable (SocketAddress) -> Void = { _ in }) async throws {
        let signals = TerminationSignals()
        defer { signals.end() }
        started(try await start())
        var stopping: Task<Void, Never>?
        let finished = signals.continuation
        for await _ in signals.stream {
            guard stopping == nil else {
                await abort()
                break
            }
            stopping = Task {
                await stop()
                finished.finish()
            }
        }
        await stopping?.value
    }
}

/// Runs one connection from its first request to its end, with what all of its requests have in common bound to the
/// task: bound once there, a database or a cache costs a request nothing.
///
/// ```swift
/// Server(scope: { serve in await database.use { await serve() } }, handler: dispatcher.handler)
/// ```
public typealias ConnectionScope = @Sendable (_ serve: @Sendable () async -> Void) async -> Void
