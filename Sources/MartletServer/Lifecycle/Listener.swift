import MartletHTTP
import MartletIO
import MartletTLS

/// The connections of one worker, and the sockets that they are accepted from.
///
/// `@unchecked Sendable`: used on `worker` only; the server goes there first.
final class Listener: @unchecked Sendable {
    let worker: Worker
    let settings: ServerSettings
    let timeouts: Timeouts
    let scope: ConnectionScope?
    let bodyRules: BodyRules
    let handler: Handler
    /// What TLS begins with; `nil` for a server that speaks none.
    let certificates: TLSCertificates?
    /// Whether anything comes before the first request of a connection.
    let hasPreface: Bool
    /// What requests have left to be done after their responses.
    let afterResponse: AfterResponseTasks
    let attendants: Attendants
    let traffic = Traffic()
    /// What a connection needs only while it serves a request.
    var memory = SharedMemory()

    private let events: ServerEvents
    private let count: ConnectionCount
    private let spells: Spells
    private let descriptors: [Int32]
    private var acceptors: [Acceptor] = []
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var served = 0
    private var date = DateField()
    private var isStopping = false

    /// Whether a server that stops still takes one more request from connections that have none under way.
    private(set) var takesLastRequests = true

    /// What is told once and not for each connection; shared by the workers.
    struct Spells: Sendable {
        let failing = Spell()
        let limited = Spell()
    }

    init(
        descriptors: [Int32], worker: Worker, settings: ServerSettings, scope: ConnectionScope?,
        handler: @escaping Handler, events: @escaping ServerEvents, count: ConnectionCount, spells: Spells,
        afterResponse: AfterResponseTasks, certificates: TLSCertificates? = nil
    ) {
        self.descriptors = descriptors
        self.worker = worker
        self.settings = settings
        self.scope = scope
        self.handler = handler
        self.events = events
        self.count = count
        self.spells = spells
        self.certificates = certificates
        self.afterResponse = afterResponse
        attendants = Attendants(worker: worker)
        hasPreface = certificates != nil || settings.proxyProtocol
        timeouts = Timeouts(settings)
        bodyRules = BodyRules(limits: settings.requestLimits, uploadDirectory: settings.uploadDirectory)
    }

    // MARK: Accepting

    /// Begins to accept connections.
    func start() throws {
        acceptors = try descriptors.map { try Acceptor($0, self) }
        attendants.start(in: scope)
        for index in acceptors.indices {
            worker.run { [self] in await run(index) }
        }
    }

    private nonisolated(nonsending) func run(_ index: Int) async {
        // The server may have stopped before this task began.
        if acceptors.indices.contains(index) { await acceptors[index].run() }
    }

    /// Accepts one connection.
    func accept(from descriptor: Int32) -> Acceptor.Outcome {
        let limit = settings.maximumConnectionsPerWorker
        let hasRoom = limit == 0 || served < limit
        guard let admission = count.open(hasRoom: hasRoom) else {
            noteLimit("further ones wait in the backlog")
            return .exhausted
        }
        do {
            guard let (descriptor, peer) = try Socket.accept(descriptor) else {
                count.close(admission)
                return .drained
            }
            try open(descriptor, peer, admission)
            if admission == .refused { noteLimit("further ones are answered with 503") }
            return .more
        } catch {
            count.close(admission)
            noteFailure(error)
            return .exhausted
        }
    }

    private func noteFailure(_ error: any Error) {
        guard spells.failing.begins(at: worker.now) else { return }
        report(
            .acceptFailed, "Connections cannot be accepted for now; trying again.", status: nil, path: nil,
            peerAddress: nil, error: error)
    }

    private func noteLimit(_ consequence: String) {
        guard spells.limited.begins(at: worker.now) else { return }
        report(
            .connectionLimitReached, "As many connections are open as the settings allow; \(consequence).", status: nil,
            path: nil, peerAddress: nil, error: nil)
    }

    private func open(_ descriptor: Int32, _ peer: SocketAddress, _ admission: ConnectionCount.Admission) throws {
        let readiness: Readiness
        do {
            readiness = try worker.readiness(of: descriptor)
        } catch {
            Socket.close(descriptor)
            throw error
        }
        let connection = Connection(readiness, peerAddress: peer.host, listener: self, admission: admission)
        connections[ObjectIdentifier(connection)] = connection
        traffic.open(admission)
        if admission == .served { served += 1 }
        attendants.attend(to: connection)
        if isStopping { connection.drain() }
    }

    /// Forgets a connection that has closed.
    func closed(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        if connection.admission == .served { served -= 1 }
        count.close(connection.admission)
        endIfDone()
    }

    // MARK: Stopping

    /// Stops accepting; what has connected already is still served.
    ///
    /// Until ``endLastRequests()`` connections without a request may still bring one, since it may be on its way.
    ///
    /// - Parameter takesBacklog: Whether what waits to be accepted is this server's to answer. Else another process
    ///   accepts from the same sockets.
    func drain(takesBacklog: Bool) {
        guard !isStopping else { return }
        isStopping = true
        if takesBacklog {
            for acceptor in acceptors { acceptor.acceptAll() }
        } else {
            endAccepting()
        }
        for connection in connections.values { connection.drain() }
    }

    /// Closes the connections that have no request under way, and accepts no more.
    func endLastRequests() {
        // Handshakes that were under way have ended by now; closing the sockets would reset their connections.
        for acceptor in acceptors { acceptor.acceptAll() }
        endAccepting()
        takesLastRequests = false
        for connection in connections.values { connection.drain() }
    }

    private func endAccepting() {
        for acceptor in acceptors { acceptor.end() }
        acceptors = []
        endIfDone()
    }

    /// Ends the tasks that serve connections when there are no connections any more.
    private func endIfDone() {
        if isStopping, acceptors.isEmpty, connections.isEmpty { attendants.end() }
    }

    /// Ends every connection as soon as its view lets go.
    func abort() {
        drain(takesBacklog: false)
        endAccepting()
        for connection in connections.values { connection.abort() }
    }

    // MARK: For connections

    /// The `Date` line of an answer that is written now.
    func dateLine() -> [UInt8] {
        date.line(at: worker.now)
    }

    /// Whether a connection from this address begins with a header of the PROXY protocol.
    func expectsProxyHeader(from address: String) -> Bool {
        guard settings.proxyProtocol else { return false }
        let peers = settings.proxyProtocolPeers
        return peers.isEmpty || AddressRange.contain(address, peers)
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
