public import FoundationEssentials

extension RequestSession {
    /// Sets when this session ends; it is kept with the session.
    ///
    /// - Throws: ``SessionError/responseSent``; what the store throws.
    public func setExpiry(_ expiry: SessionExpiry) async throws {
        guard let value = SessionLifetime.value(of: expiry) else {
            try await remove(SessionLifetime.key)
            return
        }
        try set(SessionLifetime.key, value)
    }

    /// In how many seconds the session ends if it is changed now; negative where that is past.
    public var expiryAge: Int {
        get async throws { lifetime.age(of: try await values) }
    }

    /// When the session ends if it is changed now.
    public var expireDate: Date {
        get async throws { lifetime.end(of: try await values) }
    }

    /// Whether the browser is to forget the session when it is closed.
    public var expiresAtBrowserClose: Bool {
        get async throws { lifetime.endsWithBrowser(try await values) }
    }
}
