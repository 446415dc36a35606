import MartletTLS
import Synchronization

extension Server {
    /// Reads the files of ``ServerSettings/tls`` again, for the handshakes from now on; what is connected stays.
    ///
    /// Files that cannot be used change nothing. The events tell how it went: ``ServerEvent/Kind/certificatesReloaded``
    /// or ``ServerEvent/Kind/certificatesKept``. The server does the same by itself when it sees that a file has
    /// changed (`TLSSettings.checkInterval`).
    ///
    /// - Returns: Whether the files are in use now; `false` too for a server that speaks no TLS or does not run.
    @discardableResult
    public func reloadCertificates() -> Bool {
        let watch = certificates.withLock { $0 }
        return watch?.reload() ?? false
    }

    /// Reads the certificates for the first time.
    func openCertificates() throws -> CertificateWatch? {
        guard let tls = settings.tls else { return nil }
        let watch = CertificateWatch(try TLSCertificates(tls), interval: tls.checkInterval, events: events)
        watch.warn()
        return watch
    }
}
