import MartletCrypto
public import MartletHTTP
import Synchronization

/// The nonce of one request, made when it is first asked for.
///
/// Shared by all copies of the request, because the header must have it when any of them has asked.
final class PolicyNonce: Sendable, RequestStorageKey {
    typealias Value = PolicyNonce

    private struct State {
        var text: String?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// - Throws: ``MissingPolicyNonce`` when the header has been written without one.
    func text() throws -> String {
        try state.withLock { state in
            if let text = state.text { return text }
            guard !state.isClosed else { throw MissingPolicyNonce(isTooLate: true) }
            // 128 bits, as Django's `token_urlsafe(16)`.
            let text = Base64URL.encode(try Random.bytes(16))
            state.text = text
            return text
        }
    }

    /// Whether somebody has asked for it.
    var isMade: Bool { state.withLock { $0.text != nil } }

    /// What was made, if anything was; nothing is made from now on.
    func close() -> String? {
        state.withLock { state in
            state.isClosed = true
            return state.text
        }
    }
}

/// A nonce was asked for that no header has.
public struct MissingPolicyNonce: Error, Sendable, CustomStringConvertible {
    let isTooLate: Bool

    /// What to do.
    public var description: String {
        isTooLate
            ? "The response's head is written, and its policy has no nonce: ask for request.cspNonce before the view returns."
            : "No policy of this request has a nonce: put ContentSecurity into the middleware, with .nonce in its policy."
    }
}

extension Request {
    /// The nonce that the response's content security policy has, for `<script nonce="…">`: 22 characters, the same each
    /// time within one request.
    ///
    /// It is made, and put into the header, when it is first asked for. Templates have it as `{{ csp_nonce }}`.
    ///
    /// - Throws: ``MissingPolicyNonce`` when no policy of the request has ``PolicySource/nonce``, and when it is first asked
    ///   for while a body is streamed, after the header; `CryptoError` when the system has no randomness.
    public var cspNonce: String {
        get throws {
            guard let nonce = storage[PolicyNonce.self] else { throw MissingPolicyNonce(isTooLate: false) }
            return try nonce.text()
        }
    }
}
