import FoundationEssentials
import Glibc

/// A mail server for one test: `aiosmtpd` of PyPI, which keeps what it gets in a folder.
package final class MailServer: Sendable {
    /// The port on 127.0.0.1.
    package let port: Int

    /// The path of its certificate, which is for `localhost`.
    package var certificate: String { folder.file("certificate.pem") }

    private let program: Program
    private let folder: TemporaryFolder

    /// A mail that it has got.
    package struct Letter: Decodable, Sendable {
        /// The address failures would be told to.
        package let from: String
        /// The recipients.
        package let to: [String]
        /// Head and body.
        package let content: String
        /// Whether the connection was encrypted.
        package let isEncrypted: Bool
    }

    /// Starts a server and waits until it listens.
    ///
    /// - Parameter options: `--login` wants user `site` with password `right`, `--refuse` takes no recipient, `--tls`
    ///   offers STARTTLS.
    package init(_ options: String...) async throws {
        let python = try await PythonEnvironment("aiosmtpd")
        folder = try TemporaryFolder()
        if options.contains("--tls") {
            let subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
            let files = ["-keyout", folder.file("key.pem"), "-out", folder.file("certificate.pem")]
            try await Program.run(
                "openssl",
                ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
                    + subject + files)
        }
        let fifo = folder.file("port")
        guard mkfifo(fifo, 0o600) == 0 else { throw ProgramError(description: "mkfifo: errno \(errno)") }
        let program = try Program(python.program, ["-c", Self.script, folder.path] + options)
        self.program = program
        // Opening waits until the server writes; a server that has died would never.
        let line = try await Program.blocking { try Self.firstLine(of: fifo, while: program) }
        guard let port = Int(line) else { throw ProgramError(description: "the mail server says \(line)") }
        self.port = port
    }

    /// Ends the server.
    package func stop() { program.stop(SIGKILL) }

    /// What has come so far, in order.
    package func letters() throws -> [Letter] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
        return try names.sorted().map { name in
            let data = FileManager.default.contents(atPath: folder.file(name)) ?? Data()
            return try JSONDecoder().decode(Letter.self, from: data)
        }
    }

    private static func firstLine(of path: String, while program: Program) throws -> String {
        // Read and write, so that opening does not wait: then only reading does, and that by `poll`.
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        var text: [UInt8] = []
        while !text.contains(0x0A) {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, 100) > 0 {
                var buffer = [UInt8](repeating: 0, count: 64)
                let count = read(descriptor, &buffer, buffer.count)
                text += buffer[..<max(0, count)]
            } else if !program.isRunning {
                throw ProgramError(description: "the mail server has ended before it listened")
            }
        }
        return String(decoding: text.dropLast(), as: UTF8.self)
    }

    private static let script = """
        import asyncio, json, os, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
        folder, options = sys.argv[1], sys.argv[2:]
        class Handler:
            count = 0
            async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
                if "--refuse" in options:
                    return "550 no such user"
                envelope.rcpt_tos.append(address)
                return "250 OK"
            async def handle_DATA(self, server, session, envelope):
                Handler.count += 1
                letter = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "isEncrypted": session.ssl is not None,
                    "content": envelope.content.decode("utf-8")}
                name = os.path.join(folder, f"{Handler.count:04}.json")
                with open(name + ".part", "w") as file:
                    json.dump(letter, file)
                os.rename(name + ".part", name)
                return "250 OK"
        def login(server, session, envelope, mechanism, data):
            right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"site", b"right")
            return AuthResult(success=right, handled=False)
        def session():
            context = None
            if "--tls" in options:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem"))
            wants_login = "--login" in options
            return SMTP(Handler(), hostname="localhost", tls_context=context, authenticator=login if wants_login else None,
                auth_required=wants_login, auth_require_tls=False)
        async def main():
            server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
            with open(os.path.join(folder, "port"), "w") as file:
                print(server.sockets[0].getsockname()[1], file=file)
            await server.serve_forever()
        asyncio.run(main())
        """
}
