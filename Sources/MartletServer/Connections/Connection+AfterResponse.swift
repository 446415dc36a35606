import MartletHTTP

extension Connection {
    /// Sees to it that the response has left, and lets begin what waits for that.
    nonisolated(nonsending) func beginWorkAfterResponse(_ request: Request, hasFailed: Bool) async {
        // An answer may have been held back to go with the next one.
        await flush()
        let (listener, path, peerAddress) = (listener, request.path, peerAddress)
        request.settleAfterResponse(hasFailed: hasFailed, adopt: { listener.afterResponse.add($0) }) { error, _ in
            listener.report(
                .afterResponseFailed, "Work after a response failed.", status: nil, path: path,
                peerAddress: peerAddress, error: error.cause)
        }
    }
}
