extension UploadedFile {
    /// The name of a file whose own name has nothing that may stay.
    static let namelessFile = "file"

    /// Makes a harmless name of what a client has sent: the last part of a path of Unix or Windows, without characters
    /// that cannot be seen, of a bounded length.
    ///
    /// The characters that go are those that Python does not call printable, as in Django: a name must not show
    /// something else than it is (`gpj.exe` behind a right-to-left override).
    static func cleanName(_ name: String, limit: Int) -> String {
        let last = name.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? []
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: last.filter(isVisible))
        let trimmed = trim(kept)
        guard !trimmed.isEmpty, trimmed != ".", trimmed != ".." else { return namelessFile }
        return shorten(trimmed, limit: limit)
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    private static func trim(_ scalars: String.UnicodeScalarView) -> String {
        let start = scalars.drop { $0 == " " }
        guard let end = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...end])
    }

    /// Cuts the name before its extension, between two characters.
    private static func shorten(_ name: String, limit: Int) -> String {
        guard name.utf8.count > limit else { return name }
        let dot = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : $0 }
        let suffix = dot.map { name[$0...] } ?? ""
        // What is longer than that is no extension.
        guard let dot, suffix.utf8.count <= min(limit / 2, 32) else { return prefix(name[...], limit) }
        return prefix(name[..<dot], limit - suffix.utf8.count) + suffix
    }

    private static func prefix(_ text: Substring, _ limit: Int) -> String {
        var kept = ""
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= limit else { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept
    }
}
