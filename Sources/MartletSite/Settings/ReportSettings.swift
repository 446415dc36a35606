public import MartletLogging
public import MartletMail
public import MartletReporting
public import MartletTransfer

/// Who hears of errors, and how mails leave the site; the names of the variables are those of Django's settings and of
/// Sentry's libraries.
public struct ReportSettings: Sendable {
    /// `ADMINS`: who gets errors by mail, with commas: `Ann <ann@example.org>, bob@example.org`.
    public var admins: [MailAddress]
    /// `SERVER_EMAIL`: who sends those mails.
    public var sender: MailAddress?
    /// `EMAIL_SUBJECT_PREFIX`: begins their subjects.
    public var subjectPrefix: String
    /// `EMAIL_HOST`: the server that takes mails.
    public var mailHost: String
    /// Whether `EMAIL_HOST` is set.
    private let hasMailHost: Bool
    /// `EMAIL_PORT`: its port.
    public var mailPort: Int
    /// `EMAIL_USE_TLS` and `EMAIL_USE_SSL`: how the way there is protected.
    public var mailEncryption: SMTPTransfer.Encryption
    /// `EMAIL_HOST_USER`: the name to log in by.
    public var mailUser: String?
    /// `EMAIL_HOST_PASSWORD`: the password that belongs to it.
    public var mailPassword: Secret<String>
    /// `EMAIL_TIMEOUT`: how long a mail may take.
    public var mailTimeout: Duration
    /// `SENTRY_DSN`: the project of Sentry that gets errors.
    public var sentry: SentryDSN?
    /// `RELEASE`, or else `SENTRY_RELEASE`: the version of the site, as reports tell it.
    public var release: String?
    /// `ENVIRONMENT`, or else `SENTRY_ENVIRONMENT`: where the site runs, as reports tell it.
    public var environment: String?

    init(_ reader: inout SettingsReader) {
        reader.section("Mail and reports of errors")
        admins = reader.list(
            "ADMINS", expected: "mail addresses such as Ann <ann@example.org>",
            about: "Who gets errors by mail, with commas: Ann <ann@example.org>, bob@example.org."
        ) { MailAddress($0) }
        sender = MailAddress("root@localhost")
        subjectPrefix = reader.text(
            "EMAIL_SUBJECT_PREFIX", default: "[Martlet] ", about: "Begins the subjects of those mails.")
        mailHost = reader.text("EMAIL_HOST", default: "localhost", about: "The server that takes mails.")
        hasMailHost = reader.setting("EMAIL_HOST")?.origin != "default"
        mailEncryption = reader.encryption()
        mailPort = reader.int("EMAIL_PORT", default: 25, in: 1...65_535, about: "Its port.")
        mailUser = reader.optionalText("EMAIL_HOST_USER", about: "The name to log in by.")
        mailPassword = reader.optionalSecret("EMAIL_HOST_PASSWORD", about: "Its password.") ?? Secret("")
        mailTimeout = .seconds(10)
        release = reader.either(
            "RELEASE", or: "SENTRY_RELEASE", about: "The version that runs, as reports of errors tell it.")
        environment = reader.either(
            "ENVIRONMENT", or: "SENTRY_ENVIRONMENT",
            about: "Where it runs, as reports of errors tell it, such as production.")
        reader.read(
            "SERVER_EMAIL", expected: "a mail address", into: &sender, default: "root@localhost",
            about: "Who sends those mails."
        ) { text in
            MailAddress(text).map { .some($0) }
        }
        reader.read(
            "EMAIL_TIMEOUT", expected: "a duration above zero, such as 10s", into: &mailTimeout, default: "10s",
            about: "How long a mail may take."
        ) { text in
            Quantity.duration(text).flatMap { $0 > .zero ? $0 : nil }
        }
        sentry = reader.sentry()
    }

    /// Whether the settings name anybody who gets mails, or a server for them.
    package var sendsMail: Bool { hasMailHost || !admins.isEmpty }

    /// Sends mails as the settings say.
    public var mailer: SMTPMailer {
        SMTPMailer(
            host: mailHost, port: mailPort, encryption: mailEncryption, user: mailUser, password: mailPassword.revealed,
            timeout: mailTimeout)
    }
}

extension SettingsReader {
    /// The address of a project holds its key.
    fileprivate mutating func sentry() -> SentryDSN? {
        let text = optionalSecret(
            "SENTRY_DSN",
            about: "The project of Sentry, or of a tracker that speaks its protocol, which gets errors.")
        let dsn = text.flatMap { SentryDSN($0.revealed) }
        if text != nil, dsn == nil {
            report("SENTRY_DSN", expected: "a DSN such as https://KEY@sentry.example.org/42")
        }
        return dsn
    }

    /// A variable, or another that libraries of Sentry read.
    fileprivate mutating func either(_ name: String, or other: String, about: String) -> String? {
        let own = optionalText(name, about: about)
        let others = optionalText(other, about: "Stands in for \(name).")
        return own ?? others
    }

    fileprivate mutating func encryption() -> SMTPTransfer.Encryption {
        let startTLS = bool("EMAIL_USE_TLS", default: false, about: "Whether the way there is protected by STARTTLS.")
        let tls = bool(
            "EMAIL_USE_SSL", default: false,
            about: "Whether it is encrypted from the first byte; at most one of the two is true.")
        if startTLS && tls {
            report("EMAIL_USE_SSL", expected: "false while EMAIL_USE_TLS is true: they are two ways to do one thing")
        }
        return tls ? .tls : startTLS ? .startTLS : .none
    }
}
