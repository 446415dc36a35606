/// Swift source with blanks in place of what is no code; lines and columns stay where they are.
struct SwiftText {
    private(set) var code = ""

    private var rest: Substring
    private let keepsStrings: Bool

    /// Blanks comments, and texts in quotes unless they are kept.
    init(_ text: String, keepingStrings keepsStrings: Bool) {
        rest = text[...]
        self.keepsStrings = keepsStrings
        while !rest.isEmpty { next() }
    }

    private mutating func next() {
        if rest.hasPrefix("//") {
            blank(upTo: rest.firstIndex(where: \.isNewline) ?? rest.endIndex)
        } else if rest.hasPrefix("/*") {
            blankBlockComment()
        } else if rest.first == "#" {
            takeRawString()
        } else if rest.hasPrefix("\"\"\"") {
            takeString(delimiter: "\"\"\"", hashes: "")
        } else if rest.first == "\"" {
            takeString(delimiter: "\"", hashes: "")
        } else {
            code.append(rest.removeFirst())
        }
    }

    /// Comments may stand inside each other.
    private mutating func blankBlockComment() {
        var depth = 0
        repeat {
            if rest.hasPrefix("/*") {
                depth += 1
                blank(upTo: rest.index(rest.startIndex, offsetBy: 2))
            } else if rest.hasPrefix("*/") {
                depth -= 1
                blank(upTo: rest.index(rest.startIndex, offsetBy: 2))
            } else {
                blank(upTo: rest.index(after: rest.startIndex))
            }
        } while depth > 0 && !rest.isEmpty
    }

    /// `#"…"#`, or a `#` that begins something else.
    private mutating func takeRawString() {
        let hashes = String(rest.prefix { $0 == "#" })
        let behind = rest.dropFirst(hashes.count)
        guard behind.first == "\"" else {
            code.append(rest.removeFirst())
            return
        }
        code += hashes
        rest = behind
        takeString(delimiter: behind.hasPrefix("\"\"\"") ? "\"\"\"" : "\"", hashes: hashes)
    }

    private mutating func takeString(delimiter: String, hashes: String) {
        code += delimiter
        rest = rest.dropFirst(delimiter.count)
        let (end, escape) = (delimiter + hashes, "\\" + hashes)
        while !rest.isEmpty {
            if rest.hasPrefix(end) {
                code += end
                rest = rest.dropFirst(end.count)
                return
            }
            // What is interpolated is code.
            if rest.hasPrefix(escape + "(") {
                takeInterpolation(escape)
            } else if rest.hasPrefix(escape) {
                take(escape.count + 1)
            } else if delimiter.count == 1, rest.first?.isNewline == true {
                return
            } else {
                take(1)
            }
        }
    }

    private mutating func takeInterpolation(_ escape: String) {
        take(escape.count)
        var depth = 0
        repeat {
            if rest.first == "(" { depth += 1 }
            if rest.first == ")" { depth -= 1 }
            next()
        } while depth > 0 && !rest.isEmpty
    }

    /// Takes characters of a text in quotes.
    private mutating func take(_ count: Int) {
        let end = rest.index(rest.startIndex, offsetBy: count, limitedBy: rest.endIndex) ?? rest.endIndex
        if keepsStrings {
            code += rest[..<end]
            rest = rest[end...]
        } else {
            blank(upTo: end)
        }
    }

    private mutating func blank(upTo end: String.Index) {
        code += rest[..<end].map { $0.isNewline ? "\n" : " " }.joined()
        rest = rest[end...]
    }
}
