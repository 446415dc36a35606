internal import COpenSSL

/// A certificate, those of its issuers, and its key, as they were read from their files.
final class CertificatePair {
    /// The server's own certificate.
    let certificate: OpaquePointer
    private(set) var issuers: [OpaquePointer] = []
    let key: OpaquePointer
    let files: TLSSettings.Certificate

    /// Reads a pair and checks that it is one.
    init(_ files: TLSSettings.Certificate) throws(TLSError) {
        self.files = files
        let chain = try PEMFile(files.certificate)
        guard let certificate = chain.nextCertificate() else { throw .noCertificate(file: files.certificate) }
        // Until every property is there, nobody else would free it.
        var keepsCertificate = false
        defer { if !keepsCertificate { X509_free(certificate) } }
        let key = try PEMFile(files.key).key()
        keepsCertificate = true
        self.certificate = certificate
        self.key = key
        while let issuer = chain.nextCertificate() { issuers.append(issuer) }
        ErrorQueue.clear()
        guard X509_check_private_key(certificate, key) == 1 else {
            throw .mismatch(certificate: files.certificate, key: files.key)
        }
    }

    deinit {
        X509_free(certificate)
        for issuer in issuers { X509_free(issuer) }
        EVP_PKEY_free(key)
    }

    /// Why clients will refuse the certificate today; `nil` when its time has begun and not ended.
    var untimeliness: String? {
        // Below 0: the moment has passed. 0 is a moment that cannot be read.
        if X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 {
            return "The certificate in '\(files.certificate)' has expired. Clients refuse it: renew it."
        }
        if X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0 {
            return "The certificate in '\(files.certificate)' is not valid yet. Clients refuse it: look at the clock."
        }
        return nil
    }

    /// Whether the certificate is valid for a host.
    ///
    /// Source: [RFC 9525 §6](https://www.rfc-editor.org/rfc/rfc9525#section-6): a wildcard stands for a whole label,
    /// the left-most, and the subject's common name does not count.
    func isValid(for host: UnsafePointer<CChar>, byWildcard: Bool) -> Bool {
        var flags = UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
        if !byWildcard { flags |= UInt32(X509_CHECK_FLAG_NO_WILDCARDS) }
        return X509_check_host(certificate, host, 0, flags, nil) == 1
    }
}
