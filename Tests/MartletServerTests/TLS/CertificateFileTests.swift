import Foundation
import MartletHTTP
import MartletIO
import MartletServer
import MartletTLS
import TestPrograms
import Testing

/// The files of certificates: refused with a reason, warned of, and read anew.
@Suite struct CertificateFileTests {
    @Test func `files that cannot be used stop the start and are named`() async throws {
        let certificates = try await TestCertificates()
        let good = try await certificates.make("good", hosts: ["localhost"])
        let other = try await certificates.make("other", hosts: ["localhost"])
        let path = certificates.folder.file
        try await certificates.openssl([
            "pkey", "-in", "good.key", "-aes256", "-passout", "pass:secret", "-out", "locked.key",
        ])
        try await certificates.openssl([
            "req", "-x509", "-newkey", "rsa:512", "-nodes", "-subj", "/CN=weak", "-keyout", "weak.key", "-out",
            "weak.pem",
        ])
        try certificates.write("", to: "empty.pem")
        try certificates.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: "broken.pem")
        let cases: [(TLSSettings, TLSError)] = [
            (.certificates([]), .noCertificates),
            (
                .files(certificate: path("none.pem"), key: good.key),
                .unreadable(file: path("none.pem"), reason: "No such file or directory")
            ),
            (
                .files(certificate: good.certificate, key: path("none.key")),
                .unreadable(file: path("none.key"), reason: "No such file or directory")
            ),
            (
                .files(certificate: certificates.folder.path, key: good.key),
                .unreadable(file: certificates.folder.path, reason: "Is a directory")
            ),
            (.files(certificate: path("empty.pem"), key: good.key), .noCertificate(file: path("empty.pem"))),
            (.files(certificate: path("broken.pem"), key: good.key), .noCertificate(file: path("broken.pem"))),
            (.files(certificate: good.certificate, key: good.certificate), .noKey(file: good.certificate)),
            (
                .files(certificate: good.certificate, key: path("locked.key")),
                .keyHasPassword(file: path("locked.key"))
            ),
            (
                .files(certificate: good.certificate, key: other.key),
                .mismatch(certificate: good.certificate, key: other.key)
            ),
            (
                .files(certificate: path("weak.pem"), key: path("weak.key")),
                .refused(file: path("weak.pem"), reason: "ee key too small")
            ),
            // The second pair counts as the first does.
            (
                .certificates([good, .files(certificate: other.certificate, key: good.key)]),
                .mismatch(certificate: other.certificate, key: good.key)
            ),
        ]
        for (tls, expected) in cases {
            let error = await #expect(throws: TLSError.self) {
                try await withServer({ $0.tls = tls }, handler: echo) { _, _ in }
            }
            #expect(error == expected)
        }
        #expect(
            TLSError.mismatch(certificate: "a.pem", key: "b.key").description
                == "The key in 'b.key' does not belong to the first certificate in 'a.pem'. Give the pair that was made "
                + "together, with the server's own certificate before those of its issuers.")
    }

    @Test func `a certificate whose time has passed is warned of, and served`() async throws {
        let certificates = try await TestCertificates()
        let files = try await certificates.make("old", hosts: ["localhost"])
        try await certificates.openssl([
            "x509", "-in", "old.leaf", "-signkey", "old.key", "-days", "-1", "-out", "old.pem",
        ])
        let log = EventLog()
        try await withServer({ $0.tls = .certificates([files]) }, log: log, handler: echo) { address, _ in
            let event = try #require(log.first(.certificateUntimely))
            #expect(
                event.message == "The certificate in '\(files.certificate)' has expired. Clients refuse it: renew it.")
            let result = try await Program.run("curl", ["-sSk", "https://127.0.0.1:\(address.port)/"])
            #expect(result.output == "GET / []")
        }
    }

    @Test func `renewed certificates are for new connections, and broken ones for none`() async throws {
        let certificates = try await TestCertificates()
        let files = try await certificates.make("site", hosts: ["localhost", "one.example"])
        let log = EventLog()
        try await withServer({ $0.tls = .certificates([files]) }, log: log, handler: echo) { address, server in
            // It stays connected throughout.
            let script = """
                import http.client, ssl, sys
                context = ssl.create_default_context(cafile=sys.argv[1])
                old = http.client.HTTPSConnection("localhost", int(sys.argv[2]), context=context, timeout=50)
                def names(connection):
                    return sorted(value for _, value in connection.sock.getpeercert()["subjectAltName"])
                def ask(connection):
                    connection.request("GET", "/")
                    return connection.getresponse().read().decode()
                print(ask(old), names(old), flush=True)
                input()
                new = http.client.HTTPSConnection("localhost", int(sys.argv[2]), context=context, timeout=50)
                print(ask(old), names(old), ask(new), names(new), flush=True)
                """
            let first = try await Program.python(
                "\(script.components(separatedBy: "input()")[0])", certificates.authority, "\(address.port)")
            #expect(first.output == "GET / [] ['localhost', 'one.example']\n")

            // The new certificate without its key is a pair that does not fit.
            let key = try String(contentsOfFile: files.key, encoding: .utf8)
            try await certificates.make("site", hosts: ["localhost", "two.example"])
            let newKey = try String(contentsOfFile: files.key, encoding: .utf8)
            try certificates.write(key, to: "site.key")
            #expect(!server.reloadCertificates())
            #expect(
                log.first(.certificatesKept)?.error as? TLSError
                    == .mismatch(certificate: files.certificate, key: files.key))
            let second = try await Program.python(
                "\(script.components(separatedBy: "input()")[0])", certificates.authority, "\(address.port)")
            #expect(second.output == first.output)

            let client = try await Program.converse(
                "python3", ["-c", script, certificates.authority, "\(address.port)"],
                [
                    (
                        after: "\n",
                        send: {
                            try certificates.write(newKey, to: "site.key")
                            #expect(server.reloadCertificates())
                            return "\n"
                        }
                    )
                ])
            #expect(
                client == "GET / [] ['localhost', 'one.example']\n"
                    + "GET / [] ['localhost', 'one.example'] GET / [] ['localhost', 'two.example']\n")
            #expect(log.all(.certificatesReloaded).count == 1)
        }
    }

    @Test func `files that change are noticed once`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        let store = try TLSCertificates(tls)
        #expect(!store.haveFilesChanged)
        try await certificates.make("local", hosts: ["localhost"])
        #expect(store.haveFilesChanged)
        let before = store.context
        try store.reload()
        #expect(store.context !== before)
        #expect(!store.haveFilesChanged)

        try certificates.write("broken", to: "local.pem")
        #expect(store.haveFilesChanged)
        let context = store.context
        #expect(throws: TLSError.noCertificate(file: certificates.folder.file("local.pem"))) { try store.reload() }
        #expect(store.context === context)
        #expect(!store.haveFilesChanged)
    }

    @Test func `a server looks at its files by itself`() async throws {
        let certificates = try await TestCertificates()
        let file = certificates.folder.file("both.pem")
        // Certificate and key in one file, so that both change at once.
        func renew(_ name: String) async throws {
            let files = try await certificates.make(name, hosts: ["localhost"])
            let parts = try [files.certificate, files.key].map { try String(contentsOfFile: $0, encoding: .utf8) }
            try certificates.write(parts.joined(), to: "both.pem")
        }
        try await renew("old")
        let noticed = Signal()
        var settings = ServerSettings()
        settings.port = 0
        settings.workers = 1
        settings.tls = .files(certificate: file, key: file)
        settings.tls?.checkInterval = .milliseconds(5)
        let server = Server(
            settings: settings, events: { if $0.kind == .certificatesReloaded { noticed.give() } }, handler: echo)
        let address = try await server.start()
        try await renew("new")
        await noticed.wait()
        let result = try await Program.run(
            "openssl", ["s_client", "-connect", "127.0.0.1:\(address.port)", "-CAfile", certificates.authority])
        #expect(result.output.contains("subject=CN = new\n"))
        await server.stop(grace: .zero)
    }

    @Test func `a server without TLS has nothing to read anew`() async throws {
        try await withServer(handler: echo) { _, server in #expect(!server.reloadCertificates()) }
    }
}
