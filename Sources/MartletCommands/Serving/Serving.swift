import Glibc
import MartletHTTP
import MartletIO
import MartletLogging
import MartletMigrations
import MartletServer
import MartletSite

/// What `serve` and `runserver` do: serves the site in this process.
struct Serving {
    let addresses: [String]
    /// What the process that builds the site tells.
    var reports: BuildReports?

    func run(_ context: CommandContext) async throws {
        var settings = try context.settings()
        try settings.server.use(addresses)
        if settings.debug { settings.server.adaptToDevelopment() }
        let logging = LogSettings(levels: settings.logging.levels, sink: try settings.logging.makeSink())
        logging.sink.flushWhenProcessEnds()
        // Sockets that another process hands over are in use, of course.
        if !InheritedSockets.arePresent { try settings.server.checkPortsAreFree() }
        let running = try RunningSite(context.site, settings: settings)
        let server = Server(
            settings: settings.server,
            events: { event in
                Logger.with(logging) {
                    log(event)
                    running.report(event)
                }
            },
            scope: { start in Logger.with(logging) { running.scope(start) } },
            handler: reports.map { $0.showing(running.handler) } ?? running.handler)
        running.isServed(by: server)
        await warn(context, running)
        let scheme = settings.server.tls == nil ? "http" : "https"
        do {
            try await Logger.with(logging) { try await running.start() }
            try await server.run { address in
                let place = address.path == nil ? "\(scheme)://\(address)/" : "\(address)"
                context.print("Serving at \(place) (Ctrl-C stops).")
            }
        } catch {
            await Logger.with(logging) {
                await running.close()
                Logger.flush()
            }
            throw error
        }
        await Logger.with(logging) {
            await running.close()
            Logger.flush()
        }
    }

    /// Says which migrations wait; with them missing every page would be an error that does not.
    private func warn(_ context: CommandContext, _ running: RunningSite) async {
        let plan = try? await running.migrationExecutor().plan()
        guard let plan, !plan.isEmpty else { return }
        let names = plan.map { "\($0.name)" }.joined(separator: ", ")
        context.print("Not applied yet: \(names). Run `manage migrate`.")
    }

    private func log(_ event: ServerEvent) {
        let log = Logger("martlet.server")
        switch event.kind {
        case .listening, .stopping, .stopped: log.debug("\(event.kind)", detail: event.message)
        case .draining, .reloading, .handedOver: log.info("\(event.kind)", detail: event.message)
        case .connectionLimitReached: log.warning("\(event.kind)", detail: event.message)
        case .requestRefused:
            log.warning("request_refused", status: event.status?.code, detail: event.message, ip: event.peerAddress)
        // Strangers who do not get on with the server are no news.
        case .handshakeFailed, .certificatesReloaded:
            log.info("\(event.kind)", detail: event.message, ip: event.peerAddress)
        case .proxyHeaderRefused, .certificateUntimely:
            log.warning("\(event.kind)", detail: event.message, ip: event.peerAddress)
        default:
            log.error("\(event.kind)", detail: event.message, path: event.path, error: event.error.map { "\($0)" })
        }
    }
}

extension ServerSettings {
    /// Whoever develops presses Ctrl-C, or closes the terminal, and wants it to end; visitors in production get their
    /// answers first.
    fileprivate mutating func adaptToDevelopment() {
        shutdownGrace = .milliseconds(500)
        drainDelay = .zero
        keepAliveGrace = .zero
        reloadsOnHangup = false
    }

    /// Refuses a port on which somebody listens.
    ///
    /// The server's own sockets share a port (`SO_REUSEPORT`), so a second server would take half of the first one's
    /// visitors instead of failing. A socket that does not share finds that out.
    fileprivate func checkPortsAreFree() throws(CommandError) {
        for address in listenAddresses {
            if let (host, port) = address.hostAndPort, port > 0 { try Self.check(host, port) }
        }
    }

    private static func check(_ host: String, _ port: Int) throws(CommandError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        // A host that is no address is the server's to report.
        guard getaddrinfo(host.isEmpty ? nil : host, "\(port)", &hints, &found) == 0, let address = found?.pointee
        else {
            return
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Connections of a server that has just ended do not count.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) != 0, errno == EADDRINUSE else { return }
        throw CommandError(
            "Port \(port) of \(host) is in use. Stop the server that listens there, or name another port, such as "
                + "\(port == 65_535 ? 8000 : port + 1).")
    }

    /// Takes `8001`, `0.0.0.0:8001`, `[::1]:8001` or `unix:/run/app.sock`, and more than one of them.
    fileprivate mutating func use(_ words: [String]) throws(CommandError) {
        guard !words.isEmpty else { return }
        var addresses: [ListenAddress] = []
        for word in words {
            guard let address = ListenAddress(word, defaultHost: host) else {
                throw CommandError("'\(word)' is no address. Write PORT, HOST:PORT or unix:PATH.", exitCode: 2)
            }
            addresses.append(address)
        }
        self.addresses = addresses
    }
}
