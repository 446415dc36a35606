import MartletHTTP
import MartletIO

/// The listening socket of one worker and the connections that it has accepted.
///
/// `@unchecked Sendable`: used on `worker` only; the server goes there first.
final class Listener: @unchecked Sendable {
    let worker: Worker
    let settings: ServerSettings
    let timeouts: Timeouts
    let scope: ConnectionScope?
    let handler: Handler

    private let events: ServerEvents
    private let count: ConnectionCount
    private let descriptor: Int32
    private var listening: Readiness?
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var date = DateField()
    private var isStopping = false
    private var isFailing = false

    /// How many connections are accepted before those that are open get their turn.
    private static let acceptedPerTurn = 64

    /// How long to wait, in nanoseconds, when the system or the limit allows no further connection.
    private static let pause: UInt64 = 50_000_000

    init(
        descriptor: Int32, worker: Worker, settings: ServerSettings, scope: ConnectionScope?,
        handler: @escaping Handler, events: @escaping ServerEvents, count: ConnectionCount
    ) {
        self.descriptor = descriptor
        self.worker = worker
        self.settings = settings
        self.scope = scope
        self.handler = handler
        self.events = events
        self.count = count
        timeouts = Timeouts(settings)
    }

    // MARK: Accepting

    /// Begins to accept connections.
    func start() throws {
        let listening = try worker.readiness(of: descriptor)
        self.listening = listening
        worker.run { [self] in await acceptConnections() }
    }

    private func acceptConnections() async {
        guard let listening else { return }
        let pause = Deadline(on: worker) { listening.interrupt(.expired) }
        while !isStopping {
            switch acceptSome() {
            case .drained:
                listening.drained()
            case .more:
                await Task.yield()
            case .exhausted:
                // Asked again after a moment: what was missing may have been given back.
                listening.drained()
                pause.arm(worker.now + Self.pause)
            }
            if await listening.readable() == .ended { return }
            pause.disarm()
            if isStopping { return }
            listening.poke()
        }
    }

    private enum Accepted {
        case drained, more, exhausted
    }

    private func acceptSome() -> Accepted {
        for _ in 0..<Self.acceptedPerTurn {
            guard count.open() else { return .exhausted }
            do {
                guard let (descriptor, peer) = try Socket.accept(descriptor) else {
                    count.close()
                    return .drained
                }
                try open(descriptor, peer)
                isFailing = false
            } catch {
                count.close()
                noteFailure(error)
                return .exhausted
            }
        }
        return .more
    }

    /// Reports the first of a row of failures: without descriptors there are twenty a second.
    private func noteFailure(_ error: any Error) {
        guard !isFailing else { return }
        isFailing = true
        report(
            .acceptFailed, "Connections cannot be accepted for now; trying again.", status: nil, path: nil,
            peerAddress: nil, error: error)
    }

    private func open(_ descriptor: Int32, _ peer: SocketAddress) throws {
        let readiness: Readiness
        do {
            readiness = try worker.readiness(of: descriptor)
        } catch {
            Socket.close(descriptor)
            throw error
        }
        let connection = Connection(readiness, peerAddress: peer.host, listener: self)
        connections[ObjectIdentifier(connection)] = connection
        connection.start()
    }

    /// Forgets a connection that has closed.
    func closed(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        count.close()
    }

    // MARK: Stopping

    /// Stops accepting; what has connected already is still served, idle connections close.
    func drain() {
        guard !isStopping else { return }
        isStopping = true
        // Connections in the backlog would be reset with the socket.
        while acceptSome() == .more {}
        listening?.close()
        for connection in connections.values { connection.drain() }
    }

    /// Ends every connection as soon as its view lets go.
    func abort() {
        drain()
        for connection in connections.values { connection.abort() }
    }

    // MARK: For connections

    /// The `Date` line of an answer that is written now.
    func dateLine() -> [UInt8] {
        date.line(at: worker.now)
    }

    func report(
        _ kind: ServerEvent.Kind, _ message: String, status: HTTPStatus?, path: String?, peerAddress: String?,
        error: (any Error)?
    ) {
        events(
            ServerEvent(
                kind: kind, message: message, status: status, path: path, peerAddress: peerAddress, error: error))
    }
}
