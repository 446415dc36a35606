import MartletValues

/// URLs, as Django's validator takes them.
///
/// Source: Django's `URLValidator`.
public enum URLSyntax {
    /// What may stand in front of `://` unless told.
    public static let schemes = ["http", "https", "ftp", "ftps"]

    private static let maximumLength = 2048

    static func isURL(_ text: String, schemes: [String]) -> Bool {
        guard text.utf8.count <= maximumLength * 4, text.unicodeScalars.count <= maximumLength,
            !text.unicodeScalars.contains(where: { $0.properties.isWhitespace }),
            let colon = text.firstRange(of: "://"), schemes.contains(text[..<colon.lowerBound].lowercased())
        else { return false }
        let rest = text[colon.upperBound...]
        // By scalars: with a combining mark behind it, what ends the host is not a `Character` of its own.
        let end = rest.unicodeScalars.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        return isAuthority(rest[..<end])
    }

    private static func isAuthority(_ text: Substring) -> Bool {
        let scalars = text.unicodeScalars
        guard let at = scalars.lastIndex(of: "@") else { return isHostWithPort(text) }
        let parts = scalars[..<at].split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty, !scalars[..<at].contains("@") else { return false }
        return isHostWithPort(Substring(scalars[scalars.index(after: at)...]))
    }

    private static func isHostWithPort(_ text: Substring) -> Bool {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), isPort(text[text.index(after: end)...]) else { return false }
            let inside = text[text.index(after: text.startIndex)..<end]
            return inside.contains(":") && !inside.hasPrefix("[") && IPAddress(String(inside)) != nil
        }
        let end = text.firstIndex(of: ":") ?? text.endIndex
        return isPort(text[end...]) && isHost(text[..<end])
    }

    private static func isHost(_ text: Substring) -> Bool {
        guard text.unicodeScalars.count <= 253 else { return false }
        return text.lowercased() == "localhost" || IPAddress(String(text)) != nil
            || DomainSyntax.isDomain(text, allowsFinalDot: true)
    }

    /// Nothing, or a colon and up to five digits.
    private static func isPort(_ text: Substring) -> Bool {
        guard text.utf8.first == 0x3A else { return text.isEmpty }
        let digits = text.utf8.dropFirst()
        return (1...5).contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}
