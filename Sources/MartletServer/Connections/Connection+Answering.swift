import MartletHTTP
import MartletIO

extension Connection {
    /// Answers one request.
    nonisolated(nonsending) func answer(_ head: RequestHead) async {
        let source = head.framing == .none ? nil : BodySource(head, self)
        let request = Request(
            method: head.method, target: head.target.raw, path: head.target.path, queryString: head.target.query,
            headers: Self.headers(of: head), body: body(from: source), peerAddress: peerAddress,
            isEncrypted: isEncrypted)
        beginHandling()
        let response: Response?
        var hasFailed = false
        do {
            // The application: called here and nowhere else.
            response = try await listener.handler(request)
        } catch {
            response = answer(to: error, in: request)
            hasFailed = true
        }
        if let response, !isGone {
            if let rest = begin(response, to: head, source) { await send(rest, head) }
        } else {
            isClosing = true
        }
        endHandling()
        if request.closeAfterResponse() { await beginWorkAfterResponse(request, hasFailed: hasFailed) }
        if let source { await drop(source) }
    }

    private func body(from source: BodySource?) -> RequestBody {
        guard let source else { return RequestBody(rules: listener.bodyRules) }
        return RequestBody(source: source, contentLength: source.declaredLength, rules: listener.bodyRules)
    }

    /// The answer when the application threw; `nil` when there is nobody to answer.
    private func answer(to error: any Error, in request: Request) -> Response? {
        if let error = error as? any HTTPResponseError {
            var response = Response(error.message, status: error.status)
            for field in error.headers { response.headers.addUnchecked(field.name, field.value) }
            return response
        }
        if isGone { return nil }
        if error is CancellationError, isAborted {
            return Response("The server is stopping.", status: .serviceUnavailable)
        }
        // Half-closed and cancelled: the client did not wait for the answer.
        if error is CancellationError, Task.isCancelled { return nil }
        listener.report(
            .viewFailed, "A view threw an error that has no response.", status: .internalServerError,
            path: request.path, peerAddress: peerAddress, error: error)
        return Response("Internal Server Error", status: .internalServerError)
    }

    /// Reads and drops what no view wanted of a body, or gives the connection up.
    private nonisolated(nonsending) func drop(_ source: BodySource) async {
        while !isClosing, !source.isComplete {
            do {
                guard source.droppedCount <= settings.maximumDrainedBodySize else {
                    isClosing = true
                    break
                }
                try await source.drop()
            } catch {
                isClosing = true
            }
        }
        source.end()
    }

    /// Answers the first request of a connection that the limits leave no room for, after which it closes.
    nonisolated(nonsending) func refuseBeyondLimit() async {
        isClosing = true
        var response = Response("The server has too many connections. Try again.", status: .serviceUnavailable)
        response.headers.addUnchecked(.retryAfter, "1")
        await send(alone: response)
    }

    /// Answers a request that broke the protocol or a limit, after which the connection closes.
    nonisolated(nonsending) func refuse(_ failure: ParseFailure, path: String? = nil) async {
        isClosing = true
        listener.report(
            .requestRefused, failure.reason, status: failure.status, path: path, peerAddress: peerAddress, error: nil)
        await send(alone: Response(failure.reason, status: failure.status))
    }

    /// Sends the server's own answer, the connection's last.
    private nonisolated(nonsending) func send(alone response: Response) async {
        guard case .bytes(let bytes) = response.body.storage else { return }
        ResponseHead.write(
            response, framing: .length(bytes.count), connection: .close, date: listener.dateLine(), to: &output.bytes)
        output.bytes.append(contentsOf: bytes)
        _ = await flush()
    }
}
