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
        admins = reader.list("ADMINS", expected: "mail addresses such as Ann <ann@example.org>") { MailAddress($0) }
        sender = MailAddress("root@localhost")
        subjectPrefix = reader.text("EMAIL_SUBJECT_PREFIX", default: "[Martlet] ")
        mailHost = reader.text("EMAIL_HOST", default: "localhost")
        mailEncryption = reader.encryption()
        mailPort = reader.int("EMAIL_PORT", default: 25, in: 1...65_535)
        mailUser = reader.optionalText("EMAIL_HOST_USER")
        mailPassword = reader.secret("EMAIL_HOST_PASSWORD", fallback: "")
        mailTimeout = .seconds(10)
        release = reader.optionalText("RELEASE") ?? reader.optionalText("SENTRY_RELEASE")
        environment = reader.optionalText("ENVIRONMENT") ?? reader.optionalText("SENTRY_ENVIRONMENT")
        reader.read("SERVER_EMAIL", expected: "a mail address", into: &sender) { text in
            MailAddress(text).map { .some($0) }
        }
        reader.read("EMAIL_TIMEOUT", expected: "a duration above zero, such as 10s", into: &mailTimeout) { text in
            Quantity.duration(text).flatMap { $0 > .zero ? $0 : nil }
        }
        reader.read("SENTRY_DSN", expected: "a DSN such as https://KEY@sentry.example.org/42", into: &sentry) { text in
            SentryDSN(text).map { .some($0) }
        }
    }

    /// Sends mails as the settings say.
    public var mailer: SMTPMailer {
        SMTPMailer(
            host: mailHost, port: mailPort, encryption: mailEncryption, user: mailUser, password: mailPassword.revealed,
            timeout: mailTimeout)
    }
}

extension SettingsReader {
    fileprivate mutating func encryption() -> SMTPTransfer.Encryption {
        let startTLS = bool("EMAIL_USE_TLS", default: false)
        let tls = bool("EMAIL_USE_SSL", default: false)
        if startTLS && tls {
            report("EMAIL_USE_SSL", expected: "false while EMAIL_USE_TLS is true: they are two ways to do one thing")
        }
        return tls ? .tls : startTLS ? .startTLS : .none
    }
}
