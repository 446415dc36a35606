/// A mail address, with or without a name: `Ann Author <ann@example.org>`.
///
/// Source: [RFC 5322 §3.4](https://www.rfc-editor.org/rfc/rfc5322#section-3.4).
public struct MailAddress: Sendable, Hashable, LosslessStringConvertible {
    /// The name, as people read it; empty for none.
    public let name: String

    /// The address itself: `ann@example.org`.
    public let address: String

    /// Reads `ann@example.org`, `Ann <ann@example.org>` or `"Author, Ann" <ann@example.org>`.
    ///
    /// - Returns: `nil` for what is no such thing, and for an address outside of ASCII: write its domain in Punycode.
    public init?(_ description: String) {
        guard !description.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        let text = description.trimmingSpaces()
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            self.init(name: "", address: text)
            return
        }
        let address = text[text.index(after: open)...].dropLast()
        self.init(name: Self.unquoted(String(text[..<open]).trimmingSpaces()), address: String(address))
    }

    /// Makes an address with a name.
    ///
    /// - Returns: `nil` for what is no address in ASCII, or a name with control characters such as line breaks.
    public init?(name: String, address: String) {
        guard !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }), Self.isAddress(address) else { return nil }
        self.name = name
        self.address = address
    }

    /// The address as people write it, with its name.
    public var description: String {
        name.isEmpty ? address : "\(name) <\(address)>"
    }

    /// The address as it stands in a header.
    var headerText: String {
        name.isEmpty ? address : "\(HeaderText.phrase(name)) <\(address)>"
    }

    private static func unquoted(_ name: String) -> String {
        guard name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") else { return name }
        var plain = ""
        var isEscaped = false
        for character in name.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                plain.append(character)
                isEscaped = false
            }
        }
        return plain
    }

    /// What servers take without quotes: a local part of atoms and a domain, at most 254 bytes (RFC 5321 §4.5.3.1).
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, parts[0].utf8.count <= 64 else { return false }
        let isDomain = parts[1].utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
        return isAtoms(parts[0]) && !parts[1].isEmpty && isDomain && !parts[1].hasPrefix(".")
            && !parts[1].hasSuffix(".") && !parts[1].contains("..")
    }

    private static func isAtoms(_ text: Substring) -> Bool {
        !text.isEmpty && !text.hasPrefix(".") && !text.hasSuffix(".") && !text.contains("..")
            && text.utf8.allSatisfy { $0.isLetterOrDigit || "!#$%&'*+-/=?^_`{|}~.".utf8.contains($0) }
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}

extension String {
    func trimmingSpaces() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
