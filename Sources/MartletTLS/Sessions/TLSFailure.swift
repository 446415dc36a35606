internal import COpenSSL

/// Why a handshake has failed.
package enum TLSFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The client went away.
    case closed
    /// The client speaks HTTP without TLS.
    case plainHTTP
    /// The client took too long.
    case late
    /// The two cannot agree, or the client broke the protocol; OpenSSL's words.
    case refused(String)

    init(_ error: (code: Int32, reason: String)?) {
        switch error {
        case (SSL_R_HTTP_REQUEST, _)?, (SSL_R_HTTPS_PROXY_REQUEST, _)?: self = .plainHTTP
        case (_, let reason)?: self = .refused(reason)
        case nil: self = .closed
        }
    }

    /// What happened.
    package var description: String {
        switch self {
        case .closed: "The client closed the connection."
        case .plainHTTP: "The client speaks HTTP without TLS."
        case .late: "The client did not finish in time."
        case .refused(let reason): "OpenSSL says: \(reason)."
        }
    }
}
