import MartletLogging
import MartletServer
import MartletTiming
import Synchronization

extension RunningSite {
    /// Runs what the site does before it serves, see ``Site/onStart(file:line:_:)``; done by `manage runserver` and by
    /// tests' sites. A second call does nothing.
    ///
    /// - Throws: ``LifecycleError``; what was started has been stopped then.
    public func start() async throws(LifecycleError) {
        let isFirst = lifecycle.withLock { state in
            defer { state.hasStarted = true }
            return !state.hasStarted
        }
        guard isFirst else { return }
        for step in site.lifecycle {
            do {
                if let start = step.start { try await bound { try await start(self) } }
            } catch {
                await stop()
                throw LifecycleError(place: step.place, cause: error)
            }
            lifecycle.withLock { $0.started.append(step) }
        }
    }

    /// Runs what the site does at its end, see ``Site/onStop(file:line:_:)``; ``close()`` does so itself.
    public func stop() async {
        while let step = lifecycle.withLock({ $0.started.popLast() }) {
            guard let stop = step.stop else { continue }
            // One that hangs must not keep the others from ending well.
            let grace = max(settings.server.shutdownGrace, .seconds(1))
            let hasEnded = await runAtMost(grace) {
                do {
                    try await self.bound { try await stop(self) }
                } catch {
                    log.error("site_stop_failed", at: step.place, error: .error(error))
                }
            }
            if !hasEnded { log.error("site_stop_abandoned", at: step.place, after: grace) }
        }
    }
}

/// How far a site has come.
struct LifecycleState: Sendable {
    var hasStarted = false
    /// What is to be stopped, the last first.
    var started: [LifecycleStep] = []
}

private let log = Logger("martlet.site")
