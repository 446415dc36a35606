/// The certificates a server shows to clients that speak TLS.
///
/// ```swift
/// settings.tls = .files(certificate: "fullchain.pem", key: "key.pem")
/// settings.tls = .certificates([
///     .files(certificate: "example.com.pem", key: "example.com.key"),
///     .files(certificate: "example.org.pem", key: "example.org.key"),
/// ])
/// ```
///
/// A client names the host that it wants (SNI); it gets the first certificate that is valid for that name, one that
/// has the name itself before one with a wildcard, and otherwise the first of all. TLS 1.2 and 1.3 are spoken.
///
/// Source: [RFC 9325](https://www.rfc-editor.org/rfc/rfc9325).
public struct TLSSettings: Sendable, Hashable {
    /// A certificate and its key, each in a PEM file.
    public struct Certificate: Sendable, Hashable {
        /// The path of the certificate, followed in the same file by those of its issuers.
        public var certificate: String

        /// The path of the private key, without a password.
        public var key: String

        /// A certificate and its key.
        ///
        /// - Parameters:
        ///   - certificate: The path of the certificate, followed in the same file by those of its issuers.
        ///   - key: The path of the private key, without a password; it may be the same file.
        public static func files(certificate: String, key: String) -> Certificate {
            Certificate(certificate: certificate, key: key)
        }
    }

    /// The certificates; the first is for clients that name no host or one that no certificate is valid for.
    public var certificates: [Certificate]

    /// How often the files are looked at, so that renewed ones are used without a restart; `nil` for never. Each
    /// minute unless told.
    public var checkInterval: Duration? = .seconds(60)

    /// One certificate for every host.
    ///
    /// - Parameters:
    ///   - certificate: The path of the certificate, followed in the same file by those of its issuers.
    ///   - key: The path of the private key, without a password; it may be the same file.
    public static func files(certificate: String, key: String) -> TLSSettings {
        .certificates([.files(certificate: certificate, key: key)])
    }

    /// Several certificates, of which the client gets the one for the host that it names.
    public static func certificates(_ certificates: [Certificate]) -> TLSSettings {
        TLSSettings(certificates: certificates)
    }
}
