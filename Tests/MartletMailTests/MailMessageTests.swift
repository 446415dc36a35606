import Foundation
import MartletMail
import TestPrograms
import Testing

/// Mails read by Python's own parser.
@Suite struct MailMessageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var subject = "Hello"
        var text = "Hello"
        var html: String?
        var name = "Ann"
    }

    static let long = String(repeating: "word ", count: 60)

    static let cases = [
        Case(testDescription: "plain"), Case(testDescription: "an empty subject", subject: ""),
        Case(testDescription: "umlauts everywhere", subject: "Grüße 😀", text: "Grüße 😀\nzweite Zeile", name: "Änne Ü"),
        Case(testDescription: "a subject of many words", subject: long + "end"),
        Case(testDescription: "a long subject that is encoded", subject: String(repeating: "ü", count: 300)),
        Case(testDescription: "a subject that looks encoded", subject: "=?utf-8?q?not?="),
        Case(testDescription: "a subject without a blank", subject: String(repeating: "x", count: 950)),
        Case(testDescription: "a name with a comma and quotes", name: "Author, \"Ann\" \\ (A.)"),
        Case(testDescription: "lines that begin with a dot, and From", text: ".\n..\nFrom here\n."),
        Case(
            testDescription: "long lines",
            text: String(repeating: "x", count: 3_000) + "\n" + String(repeating: "é", count: 700)),
        Case(testDescription: "blanks at ends of lines and signs", text: "é \na=b\t\n= =3D \n\n"),
        Case(testDescription: "text and HTML", text: "Hi é", html: "<p>Hi é</p>\n--martlet--\n"),
    ]

    @Test(arguments: cases) func `another library reads what was written`(_ example: Case) async throws {
        let from = try #require(MailAddress(name: example.name, address: "ann@example.org"))
        let bob = try #require(MailAddress("bob@example.org"))
        let eve = try #require(MailAddress("Eve <eve@example.org>"))
        let mail = MailMessage(
            subject: example.subject, text: example.text, html: example.html, from: from, to: [bob, eve],
            headers: ["X-Site": "Übersicht"])
        let bytes = try mail.encoded(date: Date(timeIntervalSince1970: 784_111_777), id: "1@example.org")
        #expect(bytes.allSatisfy { $0 < 0x80 })
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 998 && !$0.contains("\n") && !$0.contains("\r") })
        let script = """
            import base64, email, email.policy, json, sys
            mail = email.message_from_bytes(base64.b64decode(sys.argv[1]), policy=email.policy.default)
            part = lambda kind: (lambda p: p and p.get_content().replace("\\r\\n", "\\n"))(mail.get_body((kind,)))
            sender = mail["from"].addresses[0]
            print(json.dumps([mail["subject"], sender.display_name, sender.addr_spec, [a.addr_spec for a in mail["to"].addresses],
                str(mail["date"]), mail["message-id"], mail["x-site"], part("plain"), part("html"), [str(d) for d in mail.defects]]))
            """
        let result = try await Program.python(script, Data(bytes).base64EncodedString())
        #expect(result.status == 0, "\(result.output)")
        let read = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [Any])
        #expect(read[0] as? String == example.subject)
        #expect(read[1] as? String == example.name)
        #expect(read[2] as? String == "ann@example.org")
        #expect(read[3] as? [String] == ["bob@example.org", "eve@example.org"])
        #expect(read[4] as? String == "Sun, 06 Nov 1994 08:49:37 +0000")
        #expect(read[5] as? String == "<1@example.org>")
        #expect(read[6] as? String == "Übersicht")
        // The line break before a boundary or the end is not the text's.
        #expect((read[7] as? String).map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 } == example.text)
        #expect((read[8] as? String).map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 } == example.html)
        #expect(read[9] as? [String] == [])
    }

    static let injections = [
        ("subject", "Hi\r\nBcc: eve@example.org"), ("subject", "Hi\nBcc: eve@example.org"), ("subject", "Hi\rthere"),
        ("X-Site", "a\r\n\r\nbody"), ("X-Site\r\nBcc", "eve@example.org"), ("X Site", "a"), ("", "a"), ("X:", "a"),
    ]

    // Django's tests/mail/tests.py, test_header_injection: BadHeaderError.
    @Test(arguments: injections) func `a header that would begin another is refused`(_ name: String, _ value: String)
        throws
    {
        let ann = try #require(MailAddress("ann@example.org"))
        var mail = MailMessage(subject: "Hi", text: "Hi", from: ann, to: [ann])
        if name == "subject" { mail.subject = value } else { mail.headers[name] = value }
        #expect(throws: MailError.self) { try mail.encoded() }
    }
}
