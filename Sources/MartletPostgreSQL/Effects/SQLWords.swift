/// A statement as words: enough to tell what kind of statement it is, and about which table.
struct SQLWords {
    /// One word, in upper case unless it was quoted, a sign, or a literal.
    enum Word: Hashable {
        /// A keyword, or a name without quotes: kept in lower case.
        case plain(String)
        /// A name in quotes.
        case quoted(String)
        /// A text.
        case literal
        /// A number.
        case number(String)
        /// Anything else: one character.
        case sign(Character)
    }

    private(set) var words: [Word] = []

    /// Takes a statement apart; what does not end, such as a quote, ends with the statement.
    init(_ sql: String) {
        var rest = Substring(sql)
        while let character = rest.first {
            if character.isWhitespace {
                rest = rest.dropFirst()
            } else if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                rest = rest.firstRange(of: "*/").map { rest[$0.upperBound...] } ?? ""
            } else if character == "\"" {
                words.append(.quoted(Self.takeQuoted(&rest, "\"")))
            } else if character == "'" {
                _ = Self.takeQuoted(&rest, "'")
                words.append(.literal)
            } else if character == "$", let end = Self.endOfDollarQuote(rest) {
                rest = rest[end...]
                words.append(.literal)
            } else if character.isLetter || character == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
                words.append(.plain(word.lowercased()))
                rest = rest.dropFirst(word.count)
            } else if character.isNumber {
                let number = rest.prefix { $0.isNumber || $0 == "." }
                words.append(.number(String(number)))
                rest = rest.dropFirst(number.count)
            } else {
                words.append(.sign(character))
                rest = rest.dropFirst()
            }
        }
    }

    /// Takes what stands between quotes; two in a row stand for one.
    private static func takeQuoted(_ rest: inout Substring, _ quote: Character) -> String {
        var text = ""
        rest = rest.dropFirst()
        while let character = rest.first {
            rest = rest.dropFirst()
            if character == quote {
                guard rest.first == quote else { return text }
                rest = rest.dropFirst()
            }
            text.append(character)
        }
        return text
    }

    private static func endOfDollarQuote(_ rest: Substring) -> Substring.Index? {
        let tag = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        let opening = rest.prefix(tag.count + 2)
        guard opening.last == "$", opening.count == tag.count + 2 else { return nil }
        return rest.dropFirst(opening.count).firstRange(of: opening)?.upperBound
    }
}

/// Reads words from left to right.
struct SQLWordReader {
    private(set) var rest: ArraySlice<SQLWords.Word>

    init(_ sql: String) {
        rest = SQLWords(sql).words[...]
    }

    /// Goes on with other words.
    mutating func replace(_ words: ArraySlice<SQLWords.Word>) { rest = words }

    /// Takes some keywords if they come next.
    mutating func take(_ keywords: String...) -> Bool {
        let wanted = keywords.map { SQLWords.Word.plain($0) }
        guard Array(rest.prefix(wanted.count)) == wanted else { return false }
        rest = rest.dropFirst(wanted.count)
        return true
    }

    /// Takes a name, without the schema in front of it.
    mutating func name() -> String? {
        var found: String?
        while true {
            switch rest.first {
            case .plain(let name), .quoted(let name): found = name
            default: return found
            }
            rest = rest.dropFirst()
            guard rest.first == .sign(".") else { return found }
            rest = rest.dropFirst()
        }
    }

    /// Whether a keyword comes anywhere in what is left.
    func has(_ keywords: String...) -> Bool {
        let wanted = keywords.map { SQLWords.Word.plain($0) }
        return rest.indices.contains { Array(rest[$0...].prefix(wanted.count)) == wanted }
    }

    /// Goes behind some keywords, wherever they are.
    mutating func skip(past keywords: String...) -> Bool {
        let wanted = keywords.map { SQLWords.Word.plain($0) }
        guard let start = rest.indices.first(where: { Array(rest[$0...].prefix(wanted.count)) == wanted }) else {
            return false
        }
        rest = rest[(start + wanted.count)...]
        return true
    }

    /// What is left, as SQL in lower case with single blanks and without its texts.
    var text: String {
        rest.map { word in
            switch word {
            case .plain(let name), .quoted(let name): name
            case .literal: "?"
            case .number(let number): number
            case .sign(let character): String(character)
            }
        }.joined(separator: " ")
    }
}
