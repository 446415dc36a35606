import FoundationEssentials
import MartletCompression
import MartletCrypto
import MartletSite

/// The static files of a site as they are served in production: with the hash of their content in the name, and
/// references among them that say so.
struct StaticCollection {
    /// Where each file lies, by its name.
    let sources: [String: String]
    /// The prefix of addresses.
    let staticURL: String

    private var contents: [String: [UInt8]] = [:]
    private(set) var names: [String: String] = [:]
    /// The files that are being looked at: each refers to the next.
    private var path: [String] = []

    /// Finds the files below folders; the first folder that has a name wins.
    ///
    /// - Parameter ignored: Patterns of names, as shells have them.
    init(folders: [String], ignored: [String], staticURL: String) {
        var sources: [String: String] = [:]
        for folder in folders {
            for name in Self.files(below: folder, ignored) where sources[name] == nil {
                sources[name] = "\(folder)/\(name)"
            }
        }
        self.sources = sources
        self.staticURL = staticURL
    }

    private static func files(below folder: String, _ ignored: [String], _ prefix: String = "") -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(prefix)")) ?? []
        return entries.sorted().flatMap { entry -> [String] in
            let name = prefix.isEmpty ? entry : "\(prefix)/\(entry)"
            if ignored.contains(where: { NamePattern($0).matches(entry) || NamePattern($0).matches(name) }) {
                return []
            }
            return StaticName.isFile("\(folder)/\(name)") ? [name] : files(below: folder, ignored, name)
        }
    }

    /// What is written: each file, the same under its hashed name, both compressed, and the manifest.
    ///
    /// - Parameter isPlain: Whether the files are written as they are, and nothing else.
    mutating func collected(isPlain: Bool) throws(CommandError) -> [CollectedFile] {
        var files: [CollectedFile] = []
        for name in sources.keys.sorted() {
            if isPlain {
                files.append(CollectedFile(name: name, content: try original(of: name)))
                continue
            }
            let hashed = try hashedName(of: name)
            let content = try content(of: name)
            let packed = try Self.compressed(content, of: name)
            for name in [name, hashed] {
                files.append(CollectedFile(name: name, content: content))
                for form in packed { files.append(CollectedFile(name: name + form.name, content: form.content)) }
            }
        }
        if !isPlain { files.append(CollectedFile(name: StaticManifest.fileName, content: try manifest())) }
        return files
    }

    /// The content of a file as it is.
    func original(of name: String) throws(CommandError) -> [UInt8] {
        guard let source = sources[name], let data = FileManager.default.contents(atPath: source) else {
            throw CommandError("'\(sources[name] ?? name)' cannot be read.")
        }
        return [UInt8](data)
    }

    /// The content of a file with its references renamed.
    mutating func content(of name: String) throws(CommandError) -> [UInt8] {
        if let content = contents[name] { return content }
        if path.contains(name) {
            throw CommandError("\((path + [name]).joined(separator: " → ")): these refer to each other in a circle.")
        }
        var content = try original(of: name)
        if StaticReferences.are(in: name), let text = String(validating: content, as: UTF8.self) {
            path.append(name)
            content = Array(try rewritten(text, of: name).utf8)
            path.removeLast()
        }
        contents[name] = content
        return content
    }

    private mutating func rewritten(_ text: String, of name: String) throws(CommandError) -> String {
        var result = ""
        var place = text.startIndex
        for found in StaticReferences.found(in: text, of: name) {
            guard let new = try renamed(String(found.reference), in: name) else { continue }
            result += text[place..<found.range.lowerBound] + found.before + new + found.after
            place = found.range.upperBound
        }
        return result + text[place...]
    }

    /// The name of a file with the hash of its content, as Django makes it: `css/site.d41d8cd98f00.css`.
    mutating func hashedName(of name: String) throws(CommandError) -> String {
        if let known = names[name] { return known }
        let hash = try Self.hash(content(of: name))
        let slash = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        // A dot at the beginning ends no name.
        let dot = name[slash...].dropFirst().lastIndex(of: ".") ?? name.endIndex
        let hashed = "\(name[..<dot]).\(hash)\(name[dot...])"
        names[name] = hashed
        return hashed
    }

    private mutating func renamed(_ text: String, in name: String) throws(CommandError) -> String? {
        guard let reference = StaticReference(text, staticURL: staticURL) else { return nil }
        let target = reference.target(from: name, staticURL: staticURL)
        guard sources[target] != nil else {
            throw CommandError(
                "'\(sources[name] ?? name)' refers to '\(text)', and no folder of static files has '\(target)'. "
                    + "Correct the reference, or add the file.")
        }
        // A map names its script, and the script its map: such a file may name itself.
        let hashed = target == name ? name : try hashedName(of: target)
        return reference.renamed(to: hashed.split(separator: "/").last ?? "")
    }

    /// The first twelve digits of MD5, which is no protection here but a short name.
    static func hash(_ bytes: [UInt8]) throws(CommandError) -> String {
        do {
            return String(try Digest.md5(of: bytes).hexadecimal.prefix(12))
        } catch {
            throw CommandError("The hash of a file cannot be made: \(error)")
        }
    }

    /// `staticfiles.json`, as Django writes it.
    func manifest() throws(CommandError) -> [UInt8] {
        let pairs = names.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let list = pairs.map { "[\(Self.quoted($0.key)), \(Self.quoted($0.value))]" }.joined(separator: ", ")
        let hash = try Self.hash(Array("[\(list)]".utf8))
        let paths = pairs.map { "\(Self.quoted($0.key)): \(Self.quoted($0.value))" }.joined(separator: ", ")
        return Array("{\"paths\": {\(paths)}, \"version\": \"1.1\", \"hash\": \"\(hash)\"}".utf8)
    }

    /// A text in JSON, in ASCII as Python writes it.
    private static func quoted(_ text: String) -> String {
        let body = text.utf16.map { unit -> String in
            switch unit {
            case 0x22: "\\\""
            case 0x5C: "\\\\"
            case 0x20..<0x7F: String(UnicodeScalar(UInt8(unit)))
            default: "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
            }
        }
        return "\"\(body.joined())\""
    }

    /// The compressed forms that are worth keeping, by the ending of their names.
    static func compressed(_ content: [UInt8], of name: String) throws(CommandError) -> [CollectedFile] {
        let endings = [
            ".css", ".js", ".mjs", ".svg", ".json", ".html", ".txt", ".xml", ".map", ".ttf", ".otf", ".wasm", ".ico",
        ]
        guard content.count > 200, endings.contains(where: name.lowercased().hasSuffix) else { return [] }
        var all: [CollectedFile] = []
        for (ending, format) in [(".gz", CompressionFormat.gzip), (".br", .brotli)] {
            let packed: [UInt8]
            do {
                let compressor = try StreamCompressor(format, level: .smallest)
                packed = try compressor.compress(content) + compressor.finish()
            } catch {
                throw CommandError("'\(name)' cannot be compressed: \(error)")
            }
            if packed.count < content.count { all.append(CollectedFile(name: ending, content: packed)) }
        }
        return all
    }
}

/// A file that is written, by its name or by what is added to one.
struct CollectedFile {
    let name: String
    let content: [UInt8]
}

/// A pattern of names as shells have them: `*` for any text, `?` for any letter.
struct NamePattern {
    private let pattern: [Character]

    init(_ text: String) { pattern = Array(text) }

    func matches(_ name: String) -> Bool {
        let name = Array(name)
        // Where to go on after the last star when what follows does not fit.
        var (place, index, star, mark) = (0, 0, -1, 0)
        while index < name.count {
            if place < pattern.count, pattern[place] == "*" {
                (star, mark) = (place, index)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == name[index] {
                (place, index) = (place + 1, index + 1)
            } else if star >= 0 {
                mark += 1
                (place, index) = (star + 1, mark)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
