internal import CCurl

/// A mail on its way to a server that takes it further.
///
/// Source: [RFC 5321](https://www.rfc-editor.org/rfc/rfc5321).
public struct SMTPTransfer: Sendable {
    /// How the connection is protected.
    public enum Encryption: Sendable, Hashable {
        /// Not at all.
        case none
        /// The connection begins in the clear and must be encrypted before anything else (`STARTTLS`).
        case startTLS
        /// The connection is encrypted from its first byte.
        case tls
    }

    /// The server's name or address.
    public var host: String
    /// The server's port.
    public var port: Int
    /// How the connection is protected.
    public var encryption: Encryption
    /// The name to log in by; no login without.
    public var user: String?
    /// The password that belongs to it.
    public var password: String
    /// The address that failures are told to.
    public var sender: String
    /// The addresses of those who shall get it.
    public var recipients: [String]
    /// The message as it goes out, lines ending with CR LF.
    public var message: [UInt8]
    /// How long all of it may take.
    public var timeout: Duration
    /// A file with the certificates to believe, in PEM; the system's unless told.
    public var certificateAuthorities: String?

    /// Describes a transfer.
    ///
    /// - Parameter timeout: 10 seconds unless told.
    public init(
        host: String, port: Int, encryption: Encryption = .none, user: String? = nil, password: String = "",
        sender: String, recipients: [String], message: [UInt8], timeout: Duration = .seconds(10),
        certificateAuthorities: String? = nil
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.user = user
        self.password = password
        self.sender = sender
        self.recipients = recipients
        self.message = message
        self.timeout = timeout
        self.certificateAuthorities = certificateAuthorities
    }

    private var url: String {
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(encryption == .tls ? "smtps" : "smtp")://\(name):\(port)"
    }

    private static let answerLimit = 4_096

    /// Sends it, keeping the thread.
    func perform() throws(TransferError) {
        guard !recipients.isEmpty else { throw TransferError(.invalid, url, "There is no recipient.") }
        guard !sender.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else {
            throw TransferError(.invalid, url, "The sender's address has a line break.")
        }
        let handle = try connecting()
        try handle.set(CURLOPT_MAIL_FROM, "<\(sender)>")
        try handle.set(CURLOPT_MAIL_RCPT, recipients.map { "<\($0)>" })
        try handle.set(CURLOPT_UPLOAD, 1)
        _ = try handle.perform(upload: message, keeping: Self.answerLimit)
    }

    /// Connects, encrypts, logs in, and asks for nothing, keeping the thread.
    ///
    /// Source: [RFC 5321, section 4.1.1.9](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.9), `NOOP`.
    func tryConnection() throws(TransferError) {
        let handle = try connecting()
        try handle.set(CURLOPT_CUSTOMREQUEST, "NOOP")
        _ = try handle.perform(keeping: Self.answerLimit)
    }

    /// What a mail and an attempt have in common.
    private func connecting() throws(TransferError) -> CurlHandle {
        let handle = try CurlHandle(
            url: url, protocols: CURLPROTO_SMTP | CURLPROTO_SMTPS, timeout: timeout,
            certificateAuthorities: certificateAuthorities)
        // Proxies of the environment are for HTTP.
        try handle.set(CURLOPT_PROXY, "")
        if encryption != .none { try handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let user {
            try handle.set(CURLOPT_USERNAME, user)
            try handle.set(CURLOPT_PASSWORD, password)
        }
        return handle
    }
}
