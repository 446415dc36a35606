/// Text in lines of at most 76 characters of ASCII, most of which people can still read.
///
/// Source: [RFC 2045 §6.7](https://www.rfc-editor.org/rfc/rfc2045#section-6.7).
enum QuotedPrintable {
    private static let lineLimit = 76

    /// Encodes text; its line breaks, of any kind, become CR LF.
    static func encode(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        for (index, line) in text.mailLines.enumerated() {
            if index > 0 { output += [0x0D, 0x0A] }
            append(Array(line.utf8), to: &output)
        }
        return output
    }

    private static func append(_ line: [UInt8], to output: inout [UInt8]) {
        var length = 0
        for (index, byte) in line.enumerated() {
            let isLast = index == line.count - 1
            let isBlank = byte == 0x20 || byte == 0x09
            let staysAsItIs = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") || isBlank && !isLast
            let encoded = staysAsItIs ? [byte] : [UInt8(ascii: "="), digit(byte >> 4), digit(byte & 15)]
            // The last place of a line is for the "=" of a break that is none of the text's.
            if length + encoded.count > lineLimit - (isLast ? 0 : 1) {
                output += [UInt8(ascii: "="), 0x0D, 0x0A]
                length = 0
            }
            output += encoded
            length += encoded.count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}

extension String {
    /// The lines, whatever ends them.
    var mailLines: [Substring] { split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) }
}
