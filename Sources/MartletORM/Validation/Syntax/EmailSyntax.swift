import MartletValues

/// Addresses of e-mail, as Django's validator takes them.
///
/// Source: Django's `EmailValidator`; RFC 5321 §4.1.3 for addresses in brackets.
enum EmailSyntax {
    static func isAddress(_ text: String) -> Bool {
        guard text.unicodeScalars.count <= 320, let at = text.lastIndex(of: "@") else { return false }
        let domain = text[text.index(after: at)...]
        return isLocalPart(text[..<at]) && (domain == "localhost" || isDomain(domain))
    }

    private static func isDomain(_ text: Substring) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inside = text.dropFirst().dropLast()
            return !inside.hasPrefix("[") && IPAddress(String(inside)) != nil
        }
        return DomainSyntax.isDomain(text, allowsFinalDot: false)
    }

    private static func isLocalPart(_ text: Substring) -> Bool {
        if text.utf8.first == 0x22 { return isQuoted(text) }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.utf8.allSatisfy { $0.isASCIIAlphanumeric || marks.contains($0) }
        }
    }

    private static let marks = Array("-!#$%&'*+/=?^_`{}|~".utf8)

    /// A text in quotes, with backslashes before what could end it.
    private static func isQuoted(_ text: Substring) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 2, bytes[bytes.count - 1] == 0x22 else { return false }
        var position = 1
        while position < bytes.count - 1 {
            let byte = bytes[position]
            if byte == 0x5C {
                position += 1
                guard position < bytes.count - 1, isQuotable(bytes[position], escaped: true) else { return false }
            } else if !isQuotable(byte, escaped: false) {
                return false
            }
            position += 1
        }
        return true
    }

    private static func isQuotable(_ byte: UInt8, escaped: Bool) -> Bool {
        switch byte {
        case 0, 0x0A, 0x0D, 0x80...: false
        case 0x09, 0x20, 0x22: escaped
        default: true
        }
    }
}
