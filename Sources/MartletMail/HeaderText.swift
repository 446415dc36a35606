/// The text of header fields: ASCII as it is, everything else as encoded words.
///
/// Source: [RFC 2047](https://www.rfc-editor.org/rfc/rfc2047), [RFC 5322 §2.2](https://www.rfc-editor.org/rfc/rfc5322#section-2.2).
enum HeaderText {
    /// The most characters of an encoded word (RFC 2047 §2), and what is left of them between its marks.
    private static let wordLimit = 75
    private static let contentLimit = wordLimit - "=?utf-8?b??=".count

    /// Unstructured text, such as a subject.
    static func unstructured(_ text: String) -> String {
        isPlain(text) ? text : encodedWords(text)
    }

    /// A name before an address: quoted where it has what a name may not have bare.
    static func phrase(_ text: String) -> String {
        guard isPlain(text) else { return encodedWords(text) }
        guard text.utf8.contains(where: { !$0.isLetterOrDigit && $0 != 0x20 && $0 != 0x2D }) else { return text }
        let escaped = text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
        return "\"\(escaped)\""
    }

    /// A field with its name, in lines of at most 78 characters where its words allow that.
    static func field(_ name: String, _ value: String) -> String {
        var lines: [String] = []
        var line = name + ":"
        for word in value.split(separator: " ", omittingEmptySubsequences: false) {
            if line.utf8.count + 1 + word.utf8.count > 78, line.contains(where: { $0 != " " }), !word.isEmpty,
                line != name + ":"
            {
                lines.append(line)
                line = ""
            }
            line += " " + word
        }
        lines.append(line)
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// Whether the text can stand as it is: printable ASCII in words that fit a line, and nothing that looks encoded.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
            && text.split(separator: " ").allSatisfy { $0.utf8.count < 900 }
    }

    /// The text in base64, no character cut in two.
    private static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var chunk: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(UTF8.encode(scalar).map(Array.init) ?? [])
            if (chunk.count + bytes.count + 2) / 3 * 4 > contentLimit {
                words.append(word(chunk))
                chunk = []
            }
            chunk += bytes
        }
        words.append(word(chunk))
        return words.joined(separator: " ")
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?utf-8?b?\(Base64.encode(bytes))?=" }
}
