public import MartletHTTP
import MartletORM
import MartletReporting
package import MartletServer

extension RunningSite {
    /// Tells the site's reporters of an error that was dealt with, or that happened outside of a request.
    ///
    /// ```swift
    /// do { try await importFeed() } catch { RunningSite.current?.report(error, extra: ["feed": "\(url)"]) }
    /// ```
    ///
    /// It returns at once. Errors that become 500 are reported anyway.
    ///
    /// - Parameter extra: What else to tell; values of names that look secret are hidden.
    public func report(_ error: any Error, request: Request? = nil, extra: [String: String] = [:]) {
        guard !reports.isEmpty else { return }
        var context = ErrorContext(request: request, extra: extra)
        context.release = settings.reports.release
        context.environment = settings.reports.environment
        reports.submit(error, context)
    }

    /// Tells the site's reporters of what has failed after an answer had begun: a stream, a WebSocket.
    package func report(_ event: ServerEvent) {
        switch event.kind {
        case .viewFailed, .responseFailed, .upgradeFailed, .afterResponseFailed:
            guard let error = event.error else { return }
            report(error, extra: ["event": "\(event.kind)", "path": event.path ?? "unknown"])
        default: return
        }
    }

    /// Whether an error that became a response is a fault of the site: any server error, but not a 503 that a view or
    /// layer has answered with on purpose. That no connection is left is a 503 for clients, and a fault to those who run it.
    static func isFault(_ error: any Error) -> Bool {
        guard let known = error as? any HTTPResponseError else { return true }
        return known.status.isServerError && (known.status != .serviceUnavailable || known is PoolError)
    }
}
