public import FoundationEssentials
import MartletLogging
public import MartletMail
import Synchronization

/// Mails errors to the site's administrators.
///
/// ```swift
/// AdminMailReporter(to: [MailAddress("Ann <ann@example.org>")].compactMap(\.self), from: sender, mailer: mailer)
/// ```
///
/// Errors of one kind (type and route) are mailed once in ten minutes, and at most twenty mails go out in an hour; each
/// mail says how many were held back before it. A site has this reporter when `ADMINS` is set.
///
/// Source: Django, [AdminEmailHandler](https://docs.djangoproject.com/en/5.2/ref/logging/#django.utils.log.AdminEmailHandler).
public final class AdminMailReporter: ErrorReporter {
    private let admins: [MailAddress]
    private let sender: MailAddress
    private let subjectPrefix: String
    private let mailer: SMTPMailer
    private let clock: @Sendable () -> Date
    /// Reports come one at a time, but from many tasks; held only to count.
    private let limit: Mutex<ReportLimit>

    /// Makes a reporter.
    ///
    /// - Parameters:
    ///   - admins: Who gets the mails.
    ///   - sender: Who sends them: `SERVER_EMAIL`.
    ///   - subjectPrefix: Begins every subject: `EMAIL_SUBJECT_PREFIX`.
    ///   - mailer: Sends them.
    ///   - interval: How long errors of a kind are not mailed again.
    ///   - hourly: The most mails within an hour.
    ///   - clock: The time; the system's unless told.
    public init(
        to admins: [MailAddress], from sender: MailAddress, subjectPrefix: String = "[Martlet] ", mailer: SMTPMailer,
        interval: Duration = .seconds(600), hourly: Int = 20, clock: @escaping @Sendable () -> Date = { .now }
    ) {
        self.admins = admins
        self.sender = sender
        // A blank at the end gets lost in many a file of settings.
        self.subjectPrefix = subjectPrefix.isEmpty || subjectPrefix.hasSuffix(" ") ? subjectPrefix : subjectPrefix + " "
        self.mailer = mailer
        self.clock = clock
        limit = Mutex(ReportLimit(interval: interval, hourly: hourly))
    }

    /// Mails the error, unless it is held back.
    public func capture(_ error: any Error, _ context: ErrorContext) async {
        let kind = "\(String(reflecting: type(of: error))) \(context.route ?? "-")"
        let now = clock()
        guard let heldBack = limit.withLock({ $0.admit(kind, at: now) }) else { return }
        let mail = MailMessage(
            subject: Self.subject(subjectPrefix, error, context),
            text: ReportText.make(error, context) + Self.note(heldBack), from: sender, to: admins)
        do {
            try await mailer.send(mail)
        } catch {
            log.error("error_mail_failed", error: "\(error)")
        }
    }

    /// What users have sent is part of a subject, so line breaks are taken out of it, and it does not grow without end.
    private static func subject(_ prefix: String, _ error: any Error, _ context: ErrorContext) -> String {
        let place = context.request.map { "\($0.method) \($0.path)" } ?? "outside of a request"
        let text = "\(prefix)ERROR: \(type(of: error)): \(place)"
        let line = text.unicodeScalars.map { scalar -> String in
            scalar.properties.generalCategory == .control ? " " : String(scalar)
        }
        return String(line.joined().prefix(subjectLimit))
    }

    private static let subjectLimit = 200

    private static func note(_ heldBack: ReportLimit.HeldBack) -> String {
        var note = ""
        if heldBack.alike > 0 {
            note += "\nSince the last mail about this error it has happened \(heldBack.alike) times more.\n"
        }
        if heldBack.others > 0 { note += "\n\(heldBack.others) other errors were not mailed; the log has them.\n" }
        return note
    }
}

private let log = Logger("martlet.reports")
