internal import COpenSSL

/// What new sessions begin with: a context of OpenSSL for each certificate, all with the same rules.
///
/// `@unchecked Sendable`: nothing changes after the initializer, and OpenSSL counts and locks its contexts itself.
package final class TLSContext: @unchecked Sendable {
    private let pairs: [CertificatePair]
    private let contexts: [OpaquePointer]

    /// How sessions reach their sockets.
    let method: SocketMethod

    /// What clients will dislike about the certificates today.
    package let warnings: [String]

    /// Reads and checks all files.
    package init(_ settings: TLSSettings) throws(TLSError) {
        guard !settings.certificates.isEmpty else { throw .noCertificates }
        var pairs: [CertificatePair] = []
        for files in settings.certificates { pairs.append(try CertificatePair(files)) }
        var contexts: [OpaquePointer] = []
        do throws(TLSError) {
            for pair in pairs { contexts.append(try Self.makeContext(pair)) }
            method = try SocketMethod()
        } catch {
            for context in contexts { SSL_CTX_free(context) }
            throw error
        }
        self.pairs = pairs
        self.contexts = contexts
        warnings = pairs.compactMap(\.untimeliness)
        // Unretained: sessions keep this alive, and only they call back.
        let reference = Unmanaged.passUnretained(self).toOpaque()
        martlet_tls_on_server_name(
            contexts[0],
            { session, _, context in
                guard let session, let context else { return SSL_TLSEXT_ERR_NOACK }
                return Unmanaged<TLSContext>.fromOpaque(context).takeUnretainedValue().chooseCertificate(session)
            }, reference)
    }

    deinit {
        for context in contexts { SSL_CTX_free(context) }
    }

    /// Begins a session of OpenSSL; the caller frees it.
    func makeSession() -> OpaquePointer? {
        SSL_new(contexts[0])
    }

    /// Source: [RFC 6066 §3](https://www.rfc-editor.org/rfc/rfc6066#section-3).
    private func chooseCertificate(_ session: OpaquePointer) -> Int32 {
        guard let host = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name) else { return SSL_TLSEXT_ERR_NOACK }
        let index =
            pairs.firstIndex { $0.isValid(for: host, byWildcard: false) }
            ?? pairs.firstIndex { $0.isValid(for: host, byWildcard: true) }
        // A server may go on with a name it does not know; the client sees from the certificate whom it talks to.
        guard let index else { return SSL_TLSEXT_ERR_NOACK }
        return SSL_set_SSL_CTX(session, contexts[index]) == nil ? SSL_TLSEXT_ERR_NOACK : SSL_TLSEXT_ERR_OK
    }

    /// For TLS 1.2; with forward secrecy and authenticated encryption only (RFC 9325 §4.2). TLS 1.3 has no others.
    private static let ciphers = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
        ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
        ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """

    private static func makeContext(_ pair: CertificatePair) throws(TLSError) -> OpaquePointer {
        ErrorQueue.clear()
        guard let context = SSL_CTX_new(TLS_server_method()) else {
            throw .libraryFailed(reason: ErrorQueue.takeReason())
        }
        do throws(TLSError) {
            try setRules(context)
            try setCertificate(context, pair)
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        return context
    }

    private static func setRules(_ context: OpaquePointer) throws(TLSError) {
        SSL_CTX_set_options(context, martlet_tls_options)
        martlet_tls_set_mode(context, martlet_tls_mode)
        martlet_tls_read_ahead(context)
        // Sessions are resumed by tickets, which the clients keep; a cache here would be a lock between the workers.
        martlet_tls_cache_no_sessions(context)
        guard martlet_tls_set_oldest_version(context, TLS1_2_VERSION) == 1,
            SSL_CTX_set_cipher_list(context, ciphers) == 1
        else { throw .libraryFailed(reason: ErrorQueue.takeReason()) }
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, chosen, chosenLength, offers, count, _ in
                let offers = UnsafeBufferPointer(start: offers, count: Int(count))
                guard let offer = ProtocolOffers.http11(in: offers) else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                chosen?.pointee = offer.baseAddress
                chosenLength?.pointee = UInt8(offer.count)
                return SSL_TLSEXT_ERR_OK
            }, nil)
    }

    private static func setCertificate(_ context: OpaquePointer, _ pair: CertificatePair) throws(TLSError) {
        guard SSL_CTX_use_certificate(context, pair.certificate) == 1 else {
            throw .refused(file: pair.files.certificate, reason: ErrorQueue.takeReason())
        }
        guard SSL_CTX_use_PrivateKey(context, pair.key) == 1 else {
            throw .refused(file: pair.files.key, reason: ErrorQueue.takeReason())
        }
        for issuer in pair.issuers {
            X509_up_ref(issuer)
            guard martlet_tls_add_chain_certificate(context, issuer) == 1 else {
                X509_free(issuer)
                throw .refused(file: pair.files.certificate, reason: ErrorQueue.takeReason())
            }
        }
    }
}
