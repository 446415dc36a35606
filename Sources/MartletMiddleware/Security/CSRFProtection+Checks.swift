import MartletHTTP
import MartletSessions

/// Where the request comes from.
extension CSRFProtection.Rules {
    func checkOrigin(of request: Request) throws(CSRFFailure) {
        if let origin = request.headers[.origin] {
            guard isOwn(origin, request) || isTrusted(origin) else {
                throw CSRFFailure(reason: "the origin \(origin.debugDescription) is not trusted.")
            }
        } else if request.isSecure {
            // Over HTTP an attacker on the network can forge anything anyway. Over HTTPS a missing Origin means an old
            // browser, and those send a Referer unless something has removed it.
            try checkReferer(of: request)
        }
    }

    private func isOwn(_ origin: String, _ request: Request) -> Bool {
        guard let host = try? request.host else { return false }
        return origin == "\(request.scheme)://\(host)"
    }

    private func isTrusted(_ origin: String) -> Bool {
        trustedOrigins.contains { $0.description == origin }
            || OriginParts(origin).map { parts in trustedOrigins.contains { $0.suffix != nil && $0.matches(parts) } }
                ?? false
    }

    private func checkReferer(of request: Request) throws(CSRFFailure) {
        guard let referer = request.headers[.referer] else {
            throw CSRFFailure(reason: "the request has neither Origin nor Referer.")
        }
        guard let parts = OriginParts(referer), !parts.authority.isEmpty else {
            throw CSRFFailure(reason: "the Referer is malformed.")
        }
        guard parts.scheme == "https" else {
            throw CSRFFailure(reason: "the Referer is insecure though the request is secure.")
        }
        if trustedOrigins.contains(where: { $0.matches(authority: parts.authority) }) { return }
        guard let own = try? ownAuthority(request), Self.host(parts.authority, matches: own) else {
            throw CSRFFailure(reason: "the Referer \(referer.debugDescription) is not trusted.")
        }
    }

    /// The host with its port; with a cookie domain, that domain.
    private func ownAuthority(_ request: Request) throws(HTTPError) -> String {
        let host = try request.host
        let domain = usesSessions ? request.sessionIfAny?.cookieDomain : cookie.domain
        guard let domain = domain?.lowercased() else { return host.description }
        guard let port = host.port, port != 443, port != 80 else { return domain }
        return "\(domain):\(port)"
    }

    /// A pattern with a dot at its beginning stands for all hosts below it too.
    private static func host(_ host: String, matches pattern: String) -> Bool {
        host == pattern || (pattern.hasPrefix(".") && (host.hasSuffix(pattern) || host == pattern.dropFirst()))
    }
}

/// Whether the request knows the secret.
extension CSRFProtection.Rules {
    func checkToken(
        of request: Request, _ cookie: Result<CSRFSecret, CSRFSecret.Flaw>?
    ) async throws {
        let secret: CSRFSecret
        switch cookie {
        case nil: throw CSRFFailure(reason: "the CSRF cookie is missing.")
        case .failure(let flaw): throw CSRFFailure(reason: "the CSRF cookie \(flaw.description).")
        case .success(let found): secret = found
        }
        guard let (token, source) = try await token(of: request) else {
            throw CSRFFailure(reason: "the CSRF token is missing.")
        }
        let sent: CSRFSecret
        do {
            sent = try CSRFSecret(reading: token)
        } catch {
            throw CSRFFailure(reason: "the CSRF token in \(source) \(error.description).")
        }
        guard sent.matches(secret) else {
            throw CSRFFailure(reason: "the CSRF token in \(source) is wrong.")
        }
    }

    /// The token of the form, else that of the header.
    ///
    /// The form is read even if there is a header, because the field counts first; not so a multipart form, which a view
    /// may want to read as a stream.
    private func token(of request: Request) async throws -> (token: String, source: String)? {
        let header = request.headers[headerName]
        let skipsForm = header != nil && request.isMultipartForm
        if request.method == .post, request.hasForm, !skipsForm {
            let form = try await request.form()
            if let token = form[fieldName], !token.isEmpty { return (token, "the form field '\(fieldName)'") }
        }
        return header.map { ($0, "the header '\(headerName)'") }
    }
}
