import FoundationEssentials

/// The names that an application can write: what the sources declare `public`, with the labels of parameters.
struct PublicNames {
    /// Types, functions, properties and cases.
    private(set) var declared: Set<String> = ["self"]

    /// Labels of parameters.
    private(set) var labels: Set<String> = []

    /// Reads all sources of some targets.
    init(of targets: [String]) throws {
        for target in targets {
            let folder = DocumentedNames.root.appendingPathComponent("Sources/\(target)")
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".swift")
            {
                read(try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8))
            }
        }
    }

    /// Reads a source in the layout of `swift format`.
    init(source: String) {
        read(source)
    }

    /// What a spelling names and nobody declares; labels have a colon.
    ///
    /// Asked for are the words that are called, those behind a point, and labels; else, where there are none of these, the
    /// last word. Single letters stand for columns, and what is in quotes is a value.
    func unknown(in spelling: String) -> [String] {
        let words = Words(Self.withoutTexts(spelling))
        let labels = words.filter(\.isLabel).map(\.text)
        var names = words.filter { $0.isCalled || $0.isMember }.map(\.text)
        if names.isEmpty, labels.isEmpty, let last = words.last { names = [last.text] }
        return names.filter { $0.utf8.count > 1 && !declared.contains($0) }
            + labels.filter { !self.labels.contains($0) }.map { "\($0):" }
    }

    private static func withoutTexts(_ spelling: String) -> String {
        spelling.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset.isMultiple(of: 2) ? String($0.element) : "" }.joined()
    }

    // MARK: Reading

    /// What the line belongs to, as far as it makes members public that do not say so.
    private enum Place {
        case publicEnum(indentation: Int)
        case publicProtocol(indentation: Int)
    }

    private mutating func read(_ source: String) {
        var place: Place?
        var signature = ""
        for line in source.utf8.split(separator: UInt8(ascii: "\n")).map(Substring.init) {
            let code = line.drop { $0 == " " }
            let indentation = line.utf8.count - code.utf8.count
            if code.hasPrefix("//") { continue }
            if case .publicEnum(indentation)? = place, code.hasPrefix("}") { place = nil }
            if case .publicProtocol(indentation)? = place, code.hasPrefix("}") { place = nil }
            if signature.isEmpty, let end = begins(code, indentation, &place) {
                signature = String(code)
                if end { signature = finished(signature) }
            } else if !signature.isEmpty {
                signature += " " + code
                if code.hasSuffix("{") || code.hasSuffix("}") { signature = finished(signature) }
            }
        }
    }

    /// Whether a declaration begins here that counts, and if so whether it ends with the line.
    private mutating func begins(_ code: Substring, _ indentation: Int, _ place: inout Place?) -> Bool? {
        if code.hasPrefix("public ") {
            if code.contains(" enum ") { place = .publicEnum(indentation: indentation) }
            if code.contains("public protocol ") { place = .publicProtocol(indentation: indentation) }
            return code.hasSuffix("{") || code.hasSuffix("}") || !code.hasSuffix("(") && !code.contains("func ")
        }
        switch place {
        case .publicEnum(indentation - 4) where code.hasPrefix("case ") || code.hasPrefix("indirect case "): return true
        case .publicProtocol(indentation - 4): return !code.hasSuffix("(")
        default: return nil
        }
    }

    /// Takes the names out of a whole declaration.
    private mutating func finished(_ signature: String) -> String {
        let words = Words(Self.withoutTexts(signature))
        for (word, next) in zip(words, words.dropFirst()) where Self.keywords.contains(word.text) {
            declared.insert(next.text)
        }
        if words.contains(where: { $0.text == "case" }) { declared.formUnion(words.map(\.text)) }
        // `where condition: …` has its label first; a parameter without a second name has its own.
        for (word, next) in zip(words, words.dropFirst()) where next.isLabel && next.follows(word) {
            labels.insert(word.text)
        }
        labels.formUnion(words.filter(\.isLabel).map(\.text))
        return ""
    }

    private static let keywords: Set<String> = [
        "func", "var", "let", "struct", "enum", "class", "protocol", "typealias",
    ]
}
