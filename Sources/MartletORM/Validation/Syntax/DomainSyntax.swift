/// Names of hosts, as Django's validators take them: labels of letters, digits and hyphens, of any script.
///
/// Source: RFC 1034 §3.1 for the lengths; Django's `DomainNameValidator`.
enum DomainSyntax {
    /// Whether the text is a domain of two labels or more.
    ///
    /// - Parameter allowsFinalDot: Whether the root's dot may stand at the end.
    static func isDomain(_ text: Substring, allowsFinalDot: Bool) -> Bool {
        guard text.unicodeScalars.count <= 255 else { return false }
        let bare = allowsFinalDot && text.hasSuffix(".") ? text.dropLast() : text
        let labels = bare.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(isLabel), let top = labels.last else { return false }
        return isTopLevel(top)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        let scalars = label.unicodeScalars
        guard let first = scalars.first, let last = scalars.last, scalars.count <= 63 else { return false }
        return first != "-" && last != "-" && scalars.allSatisfy { $0 == "-" || isLetterOrDigit($0) }
    }

    /// The last label has no digits, unless it is Punycode, and two characters or more.
    private static func isTopLevel(_ label: Substring) -> Bool {
        let scalars = label.unicodeScalars
        guard scalars.count >= 2 else { return false }
        if label.lowercased().hasPrefix("xn--") { return scalars.count > 4 && scalars.allSatisfy(\.isASCII) }
        return !scalars.contains { ("0"..."9").contains($0) }
    }

    /// As wide as Django: every character from U+00A1 to U+FFFF counts as a letter.
    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return (0xA1...0xFFFF).contains(scalar.value) }
        return UInt8(ascii: scalar).isASCIIAlphanumeric
    }
}
