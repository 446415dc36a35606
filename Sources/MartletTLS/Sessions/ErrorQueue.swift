internal import COpenSSL

/// What OpenSSL has noted about failures on this thread.
///
/// Every call that may fail is preceded by ``clear()``: another connection's failure, left behind, would be taken for
/// this one's.
enum ErrorQueue {
    static func clear() {
        ERR_clear_error()
    }

    /// The oldest failure: the one nearest to the cause. Empties the queue.
    ///
    /// - Returns: OpenSSL's number for the reason, and its words.
    static func take() -> (code: Int32, reason: String)? {
        let error = ERR_get_error()
        ERR_clear_error()
        guard error != 0 else { return nil }
        let code = ERR_GET_REASON(error)
        guard let text = ERR_reason_error_string(error) else { return (code, "error \(error)") }
        return (code, String(cString: text))
    }

    /// The words of the oldest failure.
    static func takeReason() -> String {
        take()?.reason ?? "no reason is known"
    }
}
