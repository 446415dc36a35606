public import MartletReporting

extension Site {
    /// The reporters that the settings ask for: mails to `ADMINS`, events to `SENTRY_DSN`.
    @Sendable public static func standardReporters(_ settings: Settings) -> [any ErrorReporter] {
        var reporters: [any ErrorReporter] = []
        let reports = settings.reports
        if !reports.admins.isEmpty, let sender = reports.sender {
            reporters.append(
                AdminMailReporter(
                    to: reports.admins, from: sender, subjectPrefix: reports.subjectPrefix, mailer: reports.mailer))
        }
        if let dsn = reports.sentry { reporters.append(SentryReporter(dsn, timeout: reports.mailTimeout)) }
        return reporters
    }
}
