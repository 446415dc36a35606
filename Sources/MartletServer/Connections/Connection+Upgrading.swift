import MartletHTTP
import MartletIO

extension Connection {
    /// The response as it can be sent: an interim status is none, but for 101 with a protocol to switch to.
    func finalResponse(_ response: Response, to head: RequestHead) -> Response {
        guard response.status.isInformational else { return response }
        if case .upgrade = response.body.storage, response.status == .switchingProtocols { return response }
        listener.report(
            .viewFailed, "A view answered with the interim status \(response.status), after which the client waits on.",
            status: .internalServerError, path: head.target.path, peerAddress: peerAddress, error: nil)
        return Response("Internal Server Error", status: .internalServerError)
    }

    /// The fields of a request as the application sees them.
    ///
    /// An `Upgrade` from HTTP/1.0 is to be ignored (RFC 9110 §7.8): a proxy may have passed on what it did not understand.
    static func headers(of head: RequestHead) -> Headers {
        guard head.isVersion10, head.headers.contains(.upgrade) else { return head.headers }
        var headers = head.headers
        headers.remove(.upgrade)
        return headers
    }

    /// Sends the head, and leaves the connection to another protocol until that has ended.
    nonisolated(nonsending) func upgrade(
        _ head: RequestHead, _ run: @Sendable (any UpgradedConnection) async throws -> Void
    ) async {
        // Whatever comes of it, there is no HTTP on this connection any more.
        isClosing = true
        guard await flush() else { return }
        let upgraded = UpgradedStream(self)
        serverStops = { upgraded.wake() }
        do {
            try await run(upgraded)
        } catch {
            let isRefused = error is any ClientFault
            listener.report(
                isRefused ? .requestRefused : .upgradeFailed,
                isRefused ? "\(error)" : "An upgraded connection ended with an error.", status: nil,
                path: head.target.path, peerAddress: peerAddress, error: error)
        }
        serverStops = nil
        upgraded.end()
    }
}
