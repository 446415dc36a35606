import Glibc
public import MartletHTTP
public import MartletIO
import MartletTLS
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
        case running([Listener], ListeningSockets)
        case stopping([Listener])
        case stopped
    }

    let settings: ServerSettings
    let events: ServerEvents
    private let handler: Handler
    private let scope: ConnectionScope?
    let count: ConnectionCount
    private let afterResponse = AfterResponseTasks()

    /// Shared by whoever starts and stops; held only to look or to change over.
    private let phase = Mutex(Phase.ready)

    /// The bytes of each worker, from its start on.
    let traffic = Mutex<[Traffic]>([])

    let hasBegunToDrain = Atomic(false)

    /// What TLS begins with, once the server has started.
    let certificates = Mutex<CertificateWatch?>(nil)

    /// How long views that were cancelled may take to notice.
    private static let cancellationGrace = Duration.milliseconds(500)

    /// Makes a server; ``start()`` or ``run(started:)`` opens it.
    ///
    /// - Parameters:
    ///   - settings: Where to listen, limits and timeouts.
    ///   - events: Takes what no response tells, for the log.
    ///   - scope: Binds task-local values for all requests.
    ///   - handler: Answers the requests.
    public init(
        settings: ServerSettings = ServerSettings(), events: @escaping ServerEvents = { _ in },
        scope: ConnectionScope? = nil, handler: @escaping Handler
    ) {
        self.settings = settings
        self.scope = scope
        self.handler = handler
        self.events = events
        count = ConnectionCount(settings)
    }

    // MARK: Starting

    /// Opens the listening sockets and begins to serve.
    ///
    /// - Returns: The address, with the port the system has chosen when the settings say 0; the first where there are
    ///   several, see ``addresses``.
    /// - Throws: `SystemCallError` when an address cannot be listened on; `TLSError` when the certificates cannot be
    ///   used; ``ServerError/alreadyStarted``.
    @discardableResult
    public func start() async throws -> SocketAddress {
        let addresses = try await start(on: [])
        return addresses.first ?? SocketAddress(host: settings.host, port: settings.port)
    }

    /// The addresses the server listens on; none before ``start()`` and after ``stop(grace:)``.
    public var addresses: [SocketAddress] { sockets?.addresses ?? [] }

    /// Begins to serve on sockets that listen already, or, without any, opens those of the settings.
    ///
    /// - Returns: The addresses, at least one.
    func start(on inherited: [ListeningSocket]) async throws -> [SocketAddress] {
        let certificates = try openCertificates()
        let workers = settings.workers > 0 ? settings.workers : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let sockets =
            inherited.isEmpty ? try ListeningSockets(settings, workers: workers) : ListeningSockets(inherited)
        do {
            let listeners = try makeListeners(sockets.shares(workers: workers), certificates?.certificates)
            traffic.withLock { $0 = listeners.map(\.traffic) }
            try await accept(from: sockets, listeners)
        } catch {
            // What was handed over is still served by the process that did so.
            if inherited.isEmpty { sockets.removeFiles() }
            sockets.close()
            throw error
        }
        self.certificates.withLock { $0 = certificates }
        let addresses = sockets.addresses
        for address in addresses {
            let place = address.path == nil ? "\(settings.scheme)://\(address)/" : "\(address)"
            events(ServerEvent(kind: .listening, message: "Listening on \(place)"))
        }
        return addresses
    }

    private func accept(from sockets: ListeningSockets, _ listeners: [Listener]) async throws {
        let isFirst = phase.withLock { phase in
            guard case .ready = phase else { return false }
            phase = .running(listeners, sockets)
            return true
        }
        guard isFirst else { throw ServerError.alreadyStarted }
        do {
            for listener in listeners {
                try await withTaskExecutorPreference(listener.worker) { try listener.start() }
            }
        } catch {
            await abort()
            phase.withLock { $0 = .stopped }
            throw error
        }
    }

    private func makeListeners(_ shares: [[Int32]], _ certificates: TLSCertificates?) throws -> [Listener] {
        let spells = Listener.Spells()
        return try shares.enumerated().map { index, descriptors in
            Listener(
                descriptors: descriptors, worker: try Worker(index: index), settings: settings, scope: scope,
                handler: handler, events: events, count: count, spells: spells,
                afterResponse: afterResponse, certificates: certificates)
        }
    }

    /// The sockets, until the server is told to stop.
    var sockets: ListeningSockets? {
        phase.withLock { phase in
            if case .running(_, let sockets) = phase { sockets } else { nil }
        }
    }

    // MARK: Stopping

    /// Stops accepting connections, and waits for the requests in progress.
    ///
    /// Answers that are sent from now on say `Connection: close`. Connections without a request close after
    /// ``ServerSettings/keepAliveGrace``. Views, and work after responses, that have not ended after `grace` are
    /// cancelled. Returns when every connection has closed and that work is done, or shortly after the cancellation.
    ///
    /// - Parameter grace: How long to wait; the settings' ``ServerSettings/shutdownGrace`` unless told.
    ///
    /// Source: [RFC 9112 §9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6).
    public func stop(grace: Duration? = nil) async {
        beginDraining()
        if sockets != nil { events(ServerEvent(kind: .stopping, message: "Stopping: no new connections.")) }
        await stop(grace: grace ?? settings.shutdownGrace, isHandedOver: false)
    }

    /// - Parameter isHandedOver: Whether another process accepts from the sockets from now on.
    func stop(grace: Duration, isHandedOver: Bool) async {
        guard let (listeners, sockets) = beginStopping() else { return await count.none() }
        if !isHandedOver { sockets.refuseConnections() }
        // Whoever waits at a socket that a supervisor holds is served by the process that follows.
        let takesBacklog = !isHandedOver && !sockets.areSupervised
        for listener in listeners {
            await withTaskExecutorPreference(listener.worker) { listener.drain(takesBacklog: takesBacklog) }
        }
        let timer = Task { [self] in
            try await Task.sleep(for: grace)
            await abort()
        }
        let lastCall = Task { [settings] in
            // Cut short when nothing is open any longer.
            try? await Task.sleep(for: settings.keepAliveGrace)
            for listener in listeners {
                await withTaskExecutorPreference(listener.worker) { listener.endLastRequests() }
            }
            sockets.close()
        }
        await count.none()
        lastCall.cancel()
        await lastCall.value
        // What was still in the backlog.
        await count.none()
        await afterResponse.none()
        timer.cancel()
        phase.withLock { $0 = .stopped }
        certificates.withLock { $0 = nil }
        events(ServerEvent(kind: .stopped, message: "Stopped."))
    }

    /// - Returns: What is to be stopped; `nil` when that has begun, or there is nothing.
    private func beginStopping() -> ([Listener], ListeningSockets)? {
        phase.withLock { phase in
            guard case .running(let listeners, let sockets) = phase else { return nil }
            phase = .stopping(listeners)
            return (listeners, sockets)
        }
    }

    /// Cancels every view and closes every connection. Who waits for the stop does not wait longer.
    func abort() async {
        let listeners: [Listener] = phase.withLock { phase in
            switch phase {
            case .running(let listeners, _), .stopping(let listeners): listeners
            case .ready, .stopped: []
            }
        }
        for listener in listeners {
            await withTaskExecutorPreference(listener.worker) { listener.abort() }
        }
        afterResponse.cancel()
        try? await Task.sleep(for: Self.cancellationGrace)
        count.giveUp()
        afterResponse.giveUp()
    }
}

/// Starts what serves connections, with what all requests have in common bound to the task: every task that serves
/// inherits what is bound here, so that a database or a cache costs a request nothing.
///
/// ```swift
/// Server(scope: { start in database.use { start() } }, handler: dispatcher.handler)
/// ```
public typealias ConnectionScope = @Sendable (_ start: () -> Void) -> Void
