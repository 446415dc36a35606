import Foundation
import MartletTLS
import TestPrograms
import Testing

/// Certificates made by `openssl` for one test, in a folder of its own.
final class TestCertificates: Sendable {
    let folder: TemporaryFolder

    /// The authority that clients of the test trust.
    var authority: String { folder.file("root.pem") }

    init() async throws {
        folder = try TemporaryFolder()
        try await openssl(
            ["req", "-x509", "-subj", "/CN=Test Root", "-keyout", "root.key", "-out", "root.pem"] + Self.newKey)
        try await openssl(
            [
                "req", "-x509", "-subj", "/CN=Test Issuer", "-CA", "root.pem", "-CAkey", "root.key", "-addext",
                "basicConstraints=critical,CA:TRUE", "-keyout", "issuer.key", "-out", "issuer.pem",
            ] + Self.newKey)
    }

    /// Makes a certificate with the issuer's behind it, `NAME.pem`, and its key, `NAME.key`.
    @discardableResult
    func make(_ name: String, hosts: [String]) async throws -> TLSSettings.Certificate {
        try await openssl(
            [
                "req", "-x509", "-subj", "/CN=\(name)", "-CA", "issuer.pem", "-CAkey", "issuer.key", "-addext",
                "basicConstraints=critical,CA:FALSE", "-addext",
                "subjectAltName="
                    + hosts.map { $0.first?.isNumber == true ? "IP:\($0)" : "DNS:\($0)" }
                    .joined(separator: ","),
                "-keyout", "\(name).key", "-out", "\(name).leaf",
            ] + Self.newKey)
        let leaf = try String(contentsOfFile: folder.file("\(name).leaf"), encoding: .utf8)
        let issuer = try String(contentsOfFile: folder.file("issuer.pem"), encoding: .utf8)
        try write(leaf + issuer, to: "\(name).pem")
        return files(name)
    }

    func files(_ name: String) -> TLSSettings.Certificate {
        .files(certificate: folder.file("\(name).pem"), key: folder.file("\(name).key"))
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
    }

    /// Runs `openssl` in the folder.
    func openssl(_ arguments: [String]) async throws {
        let result = try await Program.run(
            "sh", ["-c", "cd \"$1\" && shift && openssl \"$@\"", "sh", folder.path] + arguments)
        try #require(result.status == 0, "openssl \(arguments.joined(separator: " ")): \(result.output)")
    }

    private static let newKey = [
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    ]
}

extension TestCertificates {
    /// Certificates with one for `localhost` and `127.0.0.1` among them.
    static func forLocalhost() async throws -> (TestCertificates, TLSSettings) {
        let certificates = try await TestCertificates()
        return (certificates, .certificates([try await certificates.make("local", hosts: ["localhost", "127.0.0.1"])]))
    }
}
