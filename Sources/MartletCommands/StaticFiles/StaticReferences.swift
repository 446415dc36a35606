/// What a style sheet or a script refers to, by Django's rules.
///
/// Source: Django, `HashedFilesMixin.patterns`; comments are left alone here but for the one that names a source map.
enum StaticReferences {
    /// Whether files of this name refer to others.
    static func are(in name: String) -> Bool { name.hasSuffix(".css") || name.hasSuffix(".js") }

    /// A reference in its text.
    struct Found {
        let range: Range<String.Index>
        let reference: Substring
        /// What stands around a new reference in its place.
        let before: String
        let after: String
    }

    /// The references of a text, in their order.
    static func found(in text: String, of name: String) -> [Found] {
        var all: [Found] = []
        var rest = text[...]
        while let found = name.hasSuffix(".js") ? nextInScript(rest) : nextInSheet(rest) {
            all.append(found)
            rest = rest[found.range.upperBound...]
        }
        return all
    }

    private static func nextInScript(_ text: Substring) -> Found? {
        guard let match = text.firstMatch(of: /(?m)^\/\/# sourceMappingURL=(.*)$/) else { return nil }
        return Found(range: match.range, reference: match.1, before: "//# sourceMappingURL=", after: "")
    }

    private static func nextInSheet(_ text: Substring) -> Found? {
        var start = text.startIndex
        let pattern =
            #/
            /\*(?<comment>(?s:.*?))\*/
            | url\(['"]?\s*(?<url>.*?)\s*['"]?\s*\)
            | @import\s*['"]\s*(?<sheet>.*?)['"]
            /#
        while let match = text[start...].firstMatch(of: pattern.ignoresCase()) {
            if let url = match.url { return Found(range: match.range, reference: url, before: "url(\"", after: "\")") }
            if let sheet = match.sheet {
                return Found(range: match.range, reference: sheet, before: "@import url(\"", after: "\")")
            }
            if let map = match.comment?.wholeMatch(of: /#[ \t]sourceMappingURL=(.*?)[ \t]*/)?.1 {
                return Found(range: match.range, reference: map, before: "/*# sourceMappingURL=", after: " */")
            }
            start = match.range.upperBound
        }
        return nil
    }
}

/// A reference taken apart.
struct StaticReference {
    /// The path as it is written.
    let path: Substring
    /// `?` and `#` with what follows.
    let rest: Substring

    /// Takes a reference apart.
    ///
    /// - Returns: `nil` for what leads elsewhere: another host, data, a place in the same file, a folder, or a path of the
    ///   site that is no static file.
    init?(_ text: String, staticURL: String) {
        let isElsewhere = text.hasPrefix("//") || text.firstMatch(of: /^[a-z]+:/) != nil
        guard !isElsewhere, !text.hasPrefix("/") || text.hasPrefix(staticURL) else { return nil }
        let end = text.firstIndex { $0 == "?" || $0 == "#" } ?? text.endIndex
        guard end > text.startIndex, text[text.index(before: end)] != "/" else { return nil }
        (path, rest) = (text[..<end], text[end...])
    }

    /// The name of the file that is meant.
    ///
    /// - Parameter name: The file in which the reference stands.
    func target(from name: String, staticURL: String) -> String {
        let path = PercentDecoding.text(self.path)
        if path.hasPrefix("/") { return String(path.dropFirst(staticURL.count)) }
        var parts = name.split(separator: "/").dropLast().map(String.init)
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }

    /// The reference with another file name in the same folder.
    func renamed(to file: Substring) -> String {
        (path.split(separator: "/", omittingEmptySubsequences: false).dropLast() + [file]).joined(separator: "/") + rest
    }
}
