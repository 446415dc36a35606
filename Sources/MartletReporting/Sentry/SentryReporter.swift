public import FoundationEssentials
import MartletCrypto
import MartletLogging
import MartletTransfer
import Synchronization

/// Sends errors to Sentry, or to a tracker that speaks its protocol.
///
/// ```swift
/// SentryReporter(dsn)
/// ```
///
/// While the server asks for a pause (429, `Retry-After`, `X-Sentry-Rate-Limits`), errors are dropped and counted; the
/// log says how many. A site has this reporter when `SENTRY_DSN` is set.
///
/// Source: Sentry, [Envelopes](https://develop.sentry.dev/sdk/data-model/envelopes/).
public final class SentryReporter: ErrorReporter {
    private struct Pause {
        var end: Date?
        var dropped = 0
    }

    private let dsn: SentryDSN
    private let serverName: String?
    private let timeout: Duration
    private let certificateAuthorities: String?
    private let clock: @Sendable () -> Date
    private let queue = TransferQueue(label: "martlet.sentry")
    /// Set by each answer and read before each event; held only for that.
    private let pause = Mutex(Pause())

    /// Makes a reporter.
    ///
    /// - Parameters:
    ///   - dsn: The project.
    ///   - serverName: The machine's name; the system's unless told.
    ///   - timeout: How long an event may take.
    ///   - certificateAuthorities: A file with the certificates to believe, in PEM; the system's unless told.
    ///   - clock: The time; the system's unless told.
    public init(
        _ dsn: SentryDSN, serverName: String? = ProcessInfo.processInfo.hostName, timeout: Duration = .seconds(10),
        certificateAuthorities: String? = nil, clock: @escaping @Sendable () -> Date = { .now }
    ) {
        self.dsn = dsn
        self.serverName = serverName
        self.timeout = timeout
        self.certificateAuthorities = certificateAuthorities
        self.clock = clock
    }

    /// Sends the error, unless the server has asked for a pause.
    public func capture(_ error: any Error, _ context: ErrorContext) async {
        let now = clock()
        guard mayBegin(at: now) else { return }
        do {
            let event = SentryEvent(
                id: try Random.bytes(16).hexadecimal, error: error, context: context, serverName: serverName)
            let transfer = HTTPTransfer(
                url: dsn.envelopeURL, headers: headers, body: try event.envelope(dsn, sentAt: now), timeout: timeout,
                certificateAuthorities: certificateAuthorities)
            take(try await queue.send(transfer), at: now)
        } catch {
            log.error("sentry_report_failed", error: "\(error)")
        }
    }

    private var headers: [(name: String, value: String)] {
        [
            ("Content-Type", "application/x-sentry-envelope"), ("User-Agent", "martlet/0.1"),
            ("X-Sentry-Auth", "Sentry sentry_version=7, sentry_client=martlet/0.1, sentry_key=\(dsn.publicKey)"),
        ]
    }

    private func mayBegin(at now: Date) -> Bool {
        let dropped = pause.withLock { pause -> Int? in
            if let end = pause.end, now < end {
                pause.dropped += 1
                return nil
            }
            defer { pause = Pause() }
            return pause.dropped
        }
        guard let dropped else { return false }
        if dropped > 0 { log.warning("sentry_reports_dropped", reports: dropped) }
        return true
    }

    private func take(_ answer: HTTPTransfer.Answer, at now: Date) {
        if let end = SentryPause.end(answer, now: now) {
            pause.withLock { $0.end = end }
            log.warning("sentry_pause", until: end.ISO8601Format())
        } else if answer.status != 200 {
            let words = String(decoding: answer.content.prefix(500), as: UTF8.self)
            log.error("sentry_report_refused", status: answer.status, answer: words)
        }
    }
}

private let log = Logger("martlet.reports")
