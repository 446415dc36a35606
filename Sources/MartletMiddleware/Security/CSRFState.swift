import MartletCrypto
public import MartletHTTP
import Synchronization

/// What is known of a request's secret while views and templates ask for tokens.
///
/// Shared by all copies of the request, because the response must set the cookie when any of them has used a token.
final class CSRFState: Sendable, RequestStorageKey {
    typealias Value = CSRFState

    private struct Current {
        var secret: CSRFSecret?
        var mustSetCookie: Bool
    }

    /// Shared by all copies of the request; held to look at the secret or to replace it.
    private let current: Mutex<Current>

    let shared: CSRFProtection.SharedRules

    /// The secret that came with the request, or why it is none.
    let sent: Result<CSRFSecret, CSRFSecret.Flaw>?

    init(_ shared: CSRFProtection.SharedRules, _ sent: Result<CSRFSecret, CSRFSecret.Flaw>?) throws(CryptoError) {
        self.shared = shared
        self.sent = sent
        switch sent {
        case nil: current = Mutex(Current(secret: nil, mustSetCookie: false))
        case .success(let secret): current = Mutex(Current(secret: secret, mustSetCookie: false))
        // A secret that cannot be read is replaced, or the client could never send a form again.
        case .failure: current = Mutex(Current(secret: try CSRFSecret.random(), mustSetCookie: true))
        }
    }

    /// The secret that the client must get; `nil` when no token was used.
    var secretToSet: CSRFSecret? {
        current.withLock { $0.mustSetCookie ? $0.secret : nil }
    }

    func token() throws(CryptoError) -> String {
        let fresh = try CSRFSecret.random()
        let secret = current.withLock { current in
            let secret = current.secret ?? fresh
            current = Current(secret: secret, mustSetCookie: true)
            return secret
        }
        return try secret.token()
    }

    func rotate() throws(CryptoError) {
        let fresh = try CSRFSecret.random()
        current.withLock { $0 = Current(secret: fresh, mustSetCookie: true) }
    }
}

/// A token was asked for outside of ``CSRFProtection``.
public struct MissingCSRFProtection: Error, CustomStringConvertible {
    /// What to do.
    public var description: String {
        "The request has no CSRF token: add CSRFProtection() to the middleware."
    }
}

extension Request {
    /// A token for a form's `csrfmiddlewaretoken` field or an `X-CSRFToken` header; another one on each access.
    ///
    /// Asking for it makes the response set the cookie, and vary by it.
    ///
    /// - Throws: ``MissingCSRFProtection``; `CryptoError` when the system has no randomness.
    public var csrfToken: String {
        get throws {
            guard let state = storage[CSRFState.self] else { throw MissingCSRFProtection() }
            return try state.token()
        }
    }

    /// Makes a new secret, so that tokens from before are refused; to be done when a user logs in.
    ///
    /// - Throws: As ``csrfToken``.
    public func rotateCSRFToken() throws {
        guard let state = storage[CSRFState.self] else { throw MissingCSRFProtection() }
        try state.rotate()
    }

    /// Whether CSRF checks are left out for this request, as the test client does unless told otherwise.
    package var skipsCSRFChecks: Bool {
        get { storage[SkippedCSRFChecks.self] ?? false }
        set { storage[SkippedCSRFChecks.self] = newValue }
    }
}

private enum SkippedCSRFChecks: RequestStorageKey {
    typealias Value = Bool
}
