import Foundation
import MartletMail
import MartletTransfer
import TestPrograms
import Testing

/// Mails sent to a real server, `aiosmtpd`.
@Suite struct SMTPMailerTests {
    private func mail(_ text: String = "Hello") throws -> MailMessage {
        let ann = try #require(MailAddress("Ann <ann@example.org>"))
        let bob = try #require(MailAddress("bob@example.org"))
        return MailMessage(subject: "Grüße", text: text, from: ann, to: [bob, ann])
    }

    @Test func `a server takes a mail for every recipient`() async throws {
        let server = try await MailServer()
        try await SMTPMailer(host: "127.0.0.1", port: server.port).send(try mail(".\n..dots\nend"))
        let letter = try #require(try server.letters().first)
        #expect(letter.from == "ann@example.org")
        #expect(letter.to == ["bob@example.org", "ann@example.org"])
        #expect(letter.content.contains("\r\n\r\n.\r\n..dots\r\nend\r\n"))
    }

    @Test func `a login is made, and a wrong password is told as such`() async throws {
        let server = try await MailServer("--login")
        var mailer = SMTPMailer(host: "127.0.0.1", port: server.port, user: "site", password: "right")
        try await mailer.send(try mail())
        #expect(try server.letters().count == 1)
        mailer.password = "wrong"
        let wrong = mailer
        let error = await #expect(throws: TransferError.self) { try await wrong.send(try mail()) }
        #expect(error?.kind == .loginRefused)
        #expect(try server.letters().count == 1)
    }

    @Test func `a recipient that the server refuses is an error`() async throws {
        let server = try await MailServer("--refuse")
        let error = await #expect(throws: TransferError.self) {
            try await SMTPMailer(host: "127.0.0.1", port: server.port).send(try mail())
        }
        #expect(error?.kind == .refused || error?.kind == .unreachable)
        #expect(error?.url == "smtp://127.0.0.1:\(server.port)")
    }

    @Test func `STARTTLS is not done without, and certificates are checked`() async throws {
        let plain = try await MailServer()
        let error = await #expect(throws: TransferError.self) {
            try await SMTPMailer(host: "127.0.0.1", port: plain.port, encryption: .startTLS).send(try mail())
        }
        #expect(error?.kind == .untrusted)
        #expect(try plain.letters().isEmpty)

        let server = try await MailServer("--tls")
        var mailer = SMTPMailer(host: "localhost", port: server.port, encryption: .startTLS)
        let distrusting = mailer
        let distrust = await #expect(throws: TransferError.self) { try await distrusting.send(try mail()) }
        #expect(distrust?.kind == .untrusted)
        mailer.certificateAuthorities = server.certificate
        try await mailer.send(try mail())
        #expect(try server.letters().map(\.isEncrypted) == [true])
    }

    @Test func `a server that is not there is an error, and not a wait`() async throws {
        let server = try await MailServer()
        server.stop()
        let error = await #expect(throws: TransferError.self) {
            try await SMTPMailer(host: "127.0.0.1", port: server.port).send(try mail())
        }
        #expect(error?.kind == .unreachable)
    }
}
