public import FoundationEssentials
import MartletCalendar
import MartletCrypto

/// A mail: text, with or without a second version of it in HTML.
///
/// ```swift
/// let mail = MailMessage(subject: "Grüße", text: "Hello", from: sender, to: [ann])
/// try await mailer.send(mail)
/// ```
///
/// Source: [RFC 5322](https://www.rfc-editor.org/rfc/rfc5322), [RFC 2045](https://www.rfc-editor.org/rfc/rfc2045); Django,
/// [EmailMessage](https://docs.djangoproject.com/en/5.2/topics/email/#the-emailmessage-class).
public struct MailMessage: Sendable, Hashable {
    /// What it is about; one line.
    public var subject: String
    /// The text.
    public var text: String
    /// The same in HTML, for those who read mails so; `nil` for none.
    public var html: String?
    /// Who sends it.
    public var from: MailAddress
    /// Who gets it.
    public var to: [MailAddress]
    /// Further header fields.
    public var headers: [String: String]

    /// Makes a mail.
    public init(
        subject: String, text: String, html: String? = nil, from: MailAddress, to: [MailAddress],
        headers: [String: String] = [:]
    ) {
        self.subject = subject
        self.text = text
        self.html = html
        self.from = from
        self.to = to
        self.headers = headers
    }

    /// The mail as it goes out.
    ///
    /// - Parameters:
    ///   - date: When it is sent.
    ///   - id: The `Message-ID` without its brackets; a random one unless told.
    /// - Throws: ``MailError/illegalHeader(_:)`` for a line break in a header; what the system's randomness throws.
    public func encoded(date: Date = .now, id: String? = nil) throws -> [UInt8] {
        let domain = from.address.split(separator: "@").last.map(String.init) ?? "localhost"
        var fields: [(String, String)] = [
            ("Subject", HeaderText.unstructured(subject)), ("From", from.headerText),
            ("To", to.map(\.headerText).joined(separator: ", ")), ("Date", Self.text(date)),
            ("Message-ID", "<\(try id ?? "\(Random.string(length: 32))@\(domain)")>"), ("MIME-Version", "1.0"),
        ]
        fields += headers.sorted { $0.key < $1.key }.map { ($0.key, HeaderText.unstructured($0.value)) }
        try Self.check([("Subject", subject)] + headers.map { ($0.key, $0.value) })
        var bytes = fields.flatMap { Array(HeaderText.field($0.0, $0.1).utf8) }
        if let html {
            let boundary = "martlet-\(try Random.string(length: 32))"
            bytes += Array(
                "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"\r\n\r\n--\(boundary)\r\n".utf8)
            bytes += Self.part(text, type: "text/plain") + Array("\r\n--\(boundary)\r\n".utf8)
            bytes += Self.part(html, type: "text/html") + Array("\r\n--\(boundary)--\r\n".utf8)
        } else {
            bytes += Self.part(text, type: "text/plain")
        }
        return bytes
    }

    /// The fields of a part, and its content.
    private static func part(_ text: String, type: String) -> [UInt8] {
        let isPlain = text.mailLines.allSatisfy { line in
            line.utf8.count <= 900 && line.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 }
        }
        let encoding = isPlain ? "7bit" : "quoted-printable"
        let head = "Content-Type: \(type); charset=\"utf-8\"\r\nContent-Transfer-Encoding: \(encoding)\r\n\r\n"
        let content = isPlain ? Array(text.mailLines.joined(separator: "\r\n").utf8) : QuotedPrintable.encode(text)
        return Array(head.utf8) + content + [0x0D, 0x0A]
    }

    private static func check(_ fields: [(name: String, value: String)]) throws(MailError) {
        for (name, value) in fields {
            let isName = !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A }
            guard isName, !value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
                throw .illegalHeader(name)
            }
        }
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 +0000` (RFC 5322 §3.3).
    private static func text(_ date: Date) -> String {
        let (days, second) = floorDivision(Int(date.timeIntervalSince1970.rounded(.down)), 86_400)
        let day = CivilDate(daysSince1970: days)
        let time = [second / 3_600, second / 60 % 60, second % 60].map(padded).joined(separator: ":")
        return "\(Self.days[day.weekday]), \(padded(day.day)) \(months[day.month - 1]) \(day.year) \(time) +0000"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Why a mail cannot be written.
public enum MailError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A header field would begin another one: its value has a line break, or its name is none.
    case illegalHeader(String)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .illegalHeader(let name):
            "The header \(name.debugDescription) of a mail has a line break or an illegal name. "
                + "Take line breaks out of what users have typed before it goes into a header."
        }
    }
}
