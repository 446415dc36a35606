/// A name in the spellings that sources, tables, addresses and files want.
struct SourceName: Sendable {
    /// `BlogPost`
    let type: String
    /// `blogPost`
    let variable: String
    /// `blog_post`
    let snake: String
    /// `blog-post`
    let kebab: String

    /// Takes `blog`, `blog_post`, `blog-post` or `BlogPost`.
    ///
    /// - Parameter what: What is named, for the message.
    /// - Throws: ``ScaffoldError`` for what cannot be a name in Swift, or is taken.
    init(_ text: String, of what: String) throws(ScaffoldError) {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        let words = Self.words(of: text)
        guard isPlain, text.utf8.count <= 40, text.first?.isLetter == true else {
            throw ScaffoldError(
                "'\(text)' is no name for \(what): up to 40 letters of a to z, digits, '-' and '_', "
                    + "of which the first is a letter.")
        }
        type = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        variable = words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        snake = words.joined(separator: "_")
        kebab = words.joined(separator: "-")
        if Self.taken.contains(type) || Self.keywords.contains(variable) {
            throw ScaffoldError(
                "'\(text)' means something else in Swift or in Martlet: choose another name for \(what).")
        }
    }

    /// The words in small letters: they begin at a capital that follows a small one, and at `_` and `-`.
    private static func words(of text: String) -> [String] {
        var words: [String] = [""]
        var before: Character = "_"
        for letter in text {
            if letter == "_" || letter == "-" {
                words.append("")
            } else {
                if letter.isUppercase, before.isLowercase { words.append("") }
                words[words.count - 1] += letter.lowercased()
            }
            before = letter
        }
        return words.filter { !$0.isEmpty }
    }

    /// Modules that a project has already, and types that the written sources use.
    private static let taken: Set<String> = [
        "Any", "App", "Array", "Bool", "Character", "Command", "Config", "Crypto", "Data", "Date", "Decimal",
        "Dictionary", "Dispatch", "Double", "Error", "FoundationEssentials", "Foundation", "Glibc", "Int", "Manage",
        "Martlet", "MartletTesting", "Migration", "Migrations", "Model", "Never", "Optional", "Package", "Protocol",
        "QuerySet", "Request", "Response", "Result", "Self", "Serializer", "Set", "ShortUUID", "Site", "String",
        "Swift",
        "Synchronization", "Table", "Task", "TemplateConvertible", "TestClient", "TestSite", "Testing", "Type",
        "URLs", "UUID", "Void", "XCTest",
    ]

    private static let keywords: Set<String> = [
        "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default", "defer", "deinit",
        "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if",
        "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "page", "precedencegroup",
        "private", "protocol", "public", "repeat", "request", "rethrows", "return", "self", "static", "struct",
        "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]
}
