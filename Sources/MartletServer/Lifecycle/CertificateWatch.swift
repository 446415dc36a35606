import MartletHTTP
import MartletTLS

/// Looks now and then whether the files of certificates have changed, for as long as it lives.
final class CertificateWatch: Sendable {
    let certificates: TLSCertificates
    private let events: ServerEvents
    private let watching: Task<Void, Never>?

    init(_ certificates: TLSCertificates, interval: Duration?, events: @escaping ServerEvents) {
        self.certificates = certificates
        self.events = events
        watching = interval.map { interval in
            Task {
                while (try? await Task.sleep(for: interval)) != nil {
                    if certificates.haveFilesChanged { Self.reload(certificates, events) }
                }
            }
        }
    }

    deinit { watching?.cancel() }

    /// Reads the files again and tells how it went.
    ///
    /// - Returns: Whether what they hold is in use now.
    func reload() -> Bool {
        Self.reload(certificates, events)
    }

    /// Tells of certificates that clients will refuse.
    func warn() {
        Self.warn(certificates, events)
    }

    @discardableResult
    private static func reload(_ certificates: TLSCertificates, _ events: ServerEvents) -> Bool {
        do {
            try certificates.reload()
        } catch {
            events(
                ServerEvent(
                    kind: .certificatesKept,
                    message: "The certificates were not read anew and stay as they were. \(error)", error: error))
            return false
        }
        events(ServerEvent(kind: .certificatesReloaded, message: "The certificates were read anew."))
        warn(certificates, events)
        return true
    }

    private static func warn(_ certificates: TLSCertificates, _ events: ServerEvents) {
        for warning in certificates.context.warnings {
            events(ServerEvent(kind: .certificateUntimely, message: warning))
        }
    }
}
