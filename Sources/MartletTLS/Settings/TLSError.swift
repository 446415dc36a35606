/// Why the certificates of the settings cannot be used.
public enum TLSError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The settings have TLS and no certificate.
    case noCertificates
    /// A file cannot be read.
    case unreadable(file: String, reason: String)
    /// A file has no certificate in PEM form, or a broken one.
    case noCertificate(file: String)
    /// A file has no private key in PEM form, or a broken one.
    case noKey(file: String)
    /// A private key has a password, which nobody could type when a server starts.
    case keyHasPassword(file: String)
    /// The key is another certificate's.
    case mismatch(certificate: String, key: String)
    /// OpenSSL does not take the certificate or the key, such as one that is too short.
    case refused(file: String, reason: String)
    /// OpenSSL cannot be used at all.
    case libraryFailed(reason: String)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .noCertificates:
            "TLS is on but no certificate is given. Give at least one, or leave 'tls' out of the settings."
        case .unreadable(let file, let reason):
            "'\(file)' cannot be read: \(reason). Correct the path, or let the server's user read the file."
        case .noCertificate(let file):
            "'\(file)' has no readable certificate. It must be a PEM file that begins with the server's certificate "
                + "(-----BEGIN CERTIFICATE-----), followed by those of its issuers."
        case .noKey(let file):
            "'\(file)' has no readable private key. It must be a PEM file with the key of the certificate "
                + "(-----BEGIN PRIVATE KEY-----)."
        case .keyHasPassword(let file):
            "The private key in '\(file)' has a password. Write it without one, readable by the server's user only: "
                + "openssl pkey -in \(file) -out FILE"
        case .mismatch(let certificate, let key):
            "The key in '\(key)' does not belong to the first certificate in '\(certificate)'. Give the pair that was "
                + "made together, with the server's own certificate before those of its issuers."
        case .refused(let file, let reason):
            "OpenSSL does not take '\(file)': \(reason). Have a new key and certificate made."
        case .libraryFailed(let reason):
            "OpenSSL cannot begin: \(reason). Look at its configuration (openssl.cnf, OPENSSL_CONF)."
        }
    }
}
