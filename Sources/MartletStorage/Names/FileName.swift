import MartletCrypto

/// Names of stored files: cleaned, checked, and made free.
public enum FileName {
    /// Makes a harmless name of what a client calls its file: the last part of a path of Unix or Windows, spaces as
    /// underscores, and nothing but letters, digits, `-`, `_` and `.`; no dot at the beginning, since hidden files are
    /// not served.
    ///
    /// - Throws: ``StorageError`` of kind `unsafeName` when nothing is left.
    ///
    /// Source: Django's `get_valid_filename`.
    public static func cleaned(_ name: String) throws(StorageError) -> String {
        let parts = name.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
        let last = parts.last ?? Substring(name).unicodeScalars
        var kept = String.UnicodeScalarView()
        for scalar in trimmed(last) {
            if scalar.properties.isWhitespace { kept.append("_") } else if isWord(scalar) { kept.append(scalar) }
        }
        // A mark at the beginning would join the slash before it to one character that is none.
        let result = String(kept.drop { $0 == "." || isMark($0) })
        guard !result.isEmpty else { throw .unsafe(name) }
        return result
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        let start = text.drop { $0.properties.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return start }
        return start[...end]
    }

    /// What Python's `\w` matches, a dash and a dot.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
            default: false
            }
        }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
            true
        default: false
        }
    }

    /// The parts of a name.
    ///
    /// - Throws: ``StorageError`` of kind `unsafeName` for a name that is absolute, leads upwards, has an empty part, one
    ///   that begins with a dot or is longer than a file system takes, a backslash, or a character that cannot be seen.
    static func parts(of name: String) throws(StorageError) -> [String] {
        // By scalars: a slash and a mark behind it are one character, which is not a slash.
        let parts = name.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        let areLegal = parts.allSatisfy { part in
            !part.isEmpty && part.unicodeScalars.first != "." && part.utf8.count <= 255
                && !part.unicodeScalars.contains { $0 == "\\" || $0.properties.generalCategory == .control }
        }
        guard areLegal, parts.count <= 64 else { throw .unsafe(name) }
        return parts
    }

    /// The name with seven random characters before its extension, cut so that it is short enough.
    ///
    /// - Throws: ``StorageError`` of kind `noFreeName` when the folder and the extension leave no room.
    ///
    /// Source: Django's `Storage.get_available_name`.
    static func alternative(to name: String, maxLength: Int) throws(StorageError) -> String {
        try fitting(name, suffix: "_" + random(), maxLength: maxLength)
    }

    /// The name, cut before its extension where it is too long.
    static func shortened(_ name: String, maxLength: Int) throws(StorageError) -> String {
        name.unicodeScalars.count <= maxLength && (name.utf8.split(separator: 0x2F).last?.count ?? 0) <= 255
            ? name : try alternative(to: name, maxLength: maxLength)
    }

    private static func fitting(_ name: String, suffix: String, maxLength: Int) throws(StorageError) -> String {
        let slash = afterLastSlash(of: name)
        let (folder, file) = (name[..<slash], name[slash...])
        let dot = file.unicodeScalars.lastIndex(of: ".").flatMap { $0 == file.startIndex ? nil : $0 } ?? file.endIndex
        var root = String(file[..<dot])
        let ending = suffix + file[dot...]
        let room = maxLength - folder.unicodeScalars.count - ending.unicodeScalars.count
        while root.unicodeScalars.count > room || root.utf8.count + ending.utf8.count > 255 {
            guard !root.isEmpty else { break }
            root.unicodeScalars.removeLast()
        }
        guard !root.isEmpty, room > 0 else {
            throw StorageError(
                .noFreeName,
                "No name like '\(name)' has at most \(maxLength) characters. Raise the field's `maxLength:`.")
        }
        return String(folder) + root + ending
    }

    private static func random() throws(StorageError) -> String {
        do {
            return try Random.string(length: 7)
        } catch {
            throw StorageError(.failed, "The system gave no random characters for a file's name: \(error)")
        }
    }

    /// A name as part of a URL.
    static func encoded(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            switch byte {
            case 0x61...0x7A, 0x41...0x5A, 0x30...0x39: text.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where unreserved.contains(byte): text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += (byte < 16 ? "%0" : "%") + digits
            }
        }
        return text
    }

    /// What Django's `filepath_to_uri` leaves alone besides letters and digits.
    private static let unreserved = Array("/-_.~!*()'".utf8)
}

extension FileName {
    private static func afterLastSlash(of path: String) -> String.Index {
        let scalars = path.unicodeScalars
        return scalars.lastIndex(of: "/").map { scalars.index(after: $0) } ?? scalars.startIndex
    }

    /// Cleans the last part of a path and checks the others.
    ///
    /// - Throws: ``StorageError`` of kind `unsafeName`.
    public static func cleanedPath(_ path: String) throws(StorageError) -> String {
        let slash = afterLastSlash(of: path)
        let name = String(path[..<slash]) + (try cleaned(String(path[slash...])))
        _ = try parts(of: name)
        return name
    }
}
