public import MartletTransfer

/// Sends mails by a server, with the settings that Django has for it.
public struct SMTPMailer: Sendable {
    /// The server's name: `EMAIL_HOST`.
    public var host: String
    /// The server's port: `EMAIL_PORT`.
    public var port: Int
    /// `EMAIL_USE_TLS` is ``MartletTransfer/SMTPTransfer/Encryption/startTLS``, `EMAIL_USE_SSL` is
    /// ``MartletTransfer/SMTPTransfer/Encryption/tls``.
    public var encryption: SMTPTransfer.Encryption
    /// The name to log in by: `EMAIL_HOST_USER`; no login without.
    public var user: String?
    /// The password that belongs to it: `EMAIL_HOST_PASSWORD`.
    public var password: String
    /// How long a mail may take: `EMAIL_TIMEOUT`.
    public var timeout: Duration
    /// A file with the certificates to believe, in PEM; the system's unless told.
    public var certificateAuthorities: String?

    private let queue = TransferQueue(label: "martlet.mail")

    /// Describes a server; nothing is opened.
    public init(
        host: String = "localhost", port: Int = 25, encryption: SMTPTransfer.Encryption = .none, user: String? = nil,
        password: String = "", timeout: Duration = .seconds(10), certificateAuthorities: String? = nil
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.user = user
        self.password = password
        self.timeout = timeout
        self.certificateAuthorities = certificateAuthorities
    }

    /// Connects, encrypts and logs in as for a mail, and sends none.
    ///
    /// - Throws: ``MartletTransfer/TransferError`` when the server cannot be reached or refuses.
    public func tryConnection() async throws(TransferError) {
        let transfer = SMTPTransfer(
            host: host, port: port, encryption: encryption, user: user, password: password, sender: "",
            recipients: [], message: [], timeout: timeout, certificateAuthorities: certificateAuthorities)
        try await queue.tryConnection(of: transfer)
    }

    /// Sends a mail.
    ///
    /// - Throws: ``MailError`` for one that cannot be written; ``MartletTransfer/TransferError`` when the server has not
    ///   taken it.
    public func send(_ mail: MailMessage) async throws {
        let transfer = SMTPTransfer(
            host: host, port: port, encryption: encryption, user: user, password: password,
            sender: mail.from.address, recipients: mail.to.map(\.address), message: try mail.encoded(),
            timeout: timeout, certificateAuthorities: certificateAuthorities)
        try await queue.send(transfer)
    }
}
