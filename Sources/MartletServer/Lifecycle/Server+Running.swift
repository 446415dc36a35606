import Glibc
public import MartletIO

extension Server {
    /// Starts, serves until SIGTERM or SIGINT, and stops; a second signal ends the waiting for requests in progress.
    ///
    /// SIGHUP lets a new process take over, without refusing a connection: the program is started anew with the same
    /// arguments, from what is at its path by then, and gets the listening sockets. When it listens, this process answers
    /// what it has begun and returns. If it does not come to listen, this process goes on and reports
    /// ``ServerEvent/Kind/reloadFailed``.
    ///
    /// Sockets that a supervisor hands over (`LISTEN_FDS`) take the place of the addresses in the settings, and a
    /// supervisor that asks for it (`NOTIFY_SOCKET`) is told how far the server is.
    ///
    /// - Parameter started: Is told each address, once all of them listen.
    /// - Throws: As ``start()``; when a supervisor's sockets cannot be listened on.
    public func run(started: @Sendable (SocketAddress) -> Void = { _ in }) async throws {
        let signals = ServerSignals(reloads: settings.reloadsOnHangup)
        defer { signals.end() }
        let inherited = try InheritedSockets.take()
        let addresses = try await start(on: inherited.sockets)
        inherited.tellReady()
        let supervisor = SupervisorNotices()
        supervisor.ready()
        for address in addresses { started(address) }
        await obey(signals, supervisor)
    }

    private func obey(_ signals: ServerSignals, _ supervisor: SupervisorNotices) async {
        var successor: Successor?
        var stopping: Task<Void, Never>?
        var isToldToStop = false
        for await request in signals.stream {
            switch request {
            case .stop where isToldToStop:
                stopping?.cancel()
                await abort()
            case .stop:
                isToldToStop = true
                if stopping != nil { continue }
                // Whoever is about to take over is not wanted any longer.
                successor?.process.send(SIGTERM)
                supervisor.stopping()
                stopping = finish(signals) {
                    await $0.drain()
                    await $0.stop()
                }
            case .reload where successor == nil && stopping == nil:
                successor = startSuccessor(signals, supervisor)
            case .reload:
                continue
            case .reloadFailed:
                successor = nil
                if stopping == nil { supervisor.reloadFailed() }
            case .handedOver(let process) where stopping == nil:
                supervisor.handedOver(to: process)
                events(ServerEvent(kind: .handedOver, message: "Process \(process) has taken over."))
                stopping = finish(signals) { await $0.stop(grace: $0.settings.shutdownGrace, isHandedOver: true) }
            case .handedOver:
                continue
            }
        }
        await stopping?.value
    }

    /// Begins to stop; the signals end when it is done.
    private func finish(
        _ signals: ServerSignals, _ stop: @escaping @Sendable (Server) async -> Void
    ) -> Task<Void, Never> {
        let signals = signals.continuation
        return Task {
            await stop(self)
            signals.finish()
        }
    }

    /// Starts the process that is to take over; what becomes of it comes back among the signals.
    private func startSuccessor(_ signals: ServerSignals, _ supervisor: SupervisorNotices) -> Successor? {
        guard let sockets = sockets else { return nil }
        supervisor.reloading()
        let signals = signals.continuation
        do {
            let successor = try Successor(for: sockets.all)
            events(ServerEvent(kind: .reloading, message: "Process \(successor.process.id) is to take over."))
            Task {
                do {
                    try await successor.waitUntilListening(settings.reloadTimeout)
                    signals.yield(.handedOver(successor.process.id))
                } catch {
                    reportFailedReload(error)
                    signals.yield(.reloadFailed)
                }
            }
            return successor
        } catch {
            reportFailedReload(error)
            signals.yield(.reloadFailed)
            return nil
        }
    }

    private func reportFailedReload(_ error: any Error) {
        events(
            ServerEvent(kind: .reloadFailed, message: "No new process has taken over; this one goes on.", error: error))
    }
}
