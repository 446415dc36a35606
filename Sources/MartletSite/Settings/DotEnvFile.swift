/// The assignments of a `.env` file.
///
/// Read are `NAME=value`, an `export` before it, single and double quotes, `#` comments on lines of their own and
/// behind a blank, CRLF line ends and blanks around everything. In double quotes `\n`, `\"`, `\$` and `\\` are escapes.
/// Nothing is interpolated: a `$` is a `$`. Problems never show what stands in a line: it may be part of a secret.
/// What was read otherwise than an editor shows it, such as CRLF line ends, is told in ``notes``.
struct DotEnvFile {
    struct Assignment {
        let name: String
        let value: String
        let line: Int
    }

    struct Problem {
        let line: Int
        let message: String
    }

    private(set) var assignments: [Assignment] = []
    private(set) var problems: [Problem] = []
    /// What is no problem, and may explain one.
    private(set) var notes: [Problem] = []

    init(text: String) {
        // Editors of Windows begin a file with a byte order mark. A CRLF is one character in Swift.
        let text = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        if let index = lines.firstIndex(where: { $0.endIndex < text.endIndex && text[$0.endIndex] == "\r\n" }) {
            let message = "The line ends are CRLF, as on Windows; the carriage returns are not part of the values."
            notes.append(Problem(line: index + 1, message: message))
        }
        for (index, line) in lines.enumerated() {
            read(line, number: index + 1)
        }
        noteRepetitions()
    }

    private mutating func noteRepetitions() {
        var first: [String: Int] = [:]
        for assignment in assignments {
            if let line = first[assignment.name] {
                let message = "\(assignment.name) stands in line \(line) already; the last one counts."
                notes.append(Problem(line: assignment.line, message: message))
            } else {
                first[assignment.name] = assignment.line
            }
        }
    }

    /// Notes what was taken from a value that stands without quotes, or left in it.
    private mutating func note(_ raw: Substring, of name: Substring, in line: Substring, number: Int) {
        guard raw.first != "'", raw.first != "\"" else { return }
        if line.last?.isWhitespace == true, !raw.isEmpty {
            let message =
                "The value of \(name) ends with blanks, which are not part of it; put it in quotes to keep them."
            notes.append(Problem(line: number, message: message))
        }
        if raw.contains("${") || raw.contains("$(") {
            let message = "The value of \(name) has a '$' in it, which stands for itself: nothing is put in its place."
            notes.append(Problem(line: number, message: message))
        }
    }

    private mutating func read(_ line: Substring, number: Int) {
        var rest = Self.trimmed(line)
        guard !rest.isEmpty, rest.first != "#" else { return }
        if rest.hasPrefix("export"), rest.dropFirst(6).first?.isWhitespace == true {
            rest = Self.trimmed(rest.dropFirst(6))
        }
        guard let equals = rest.firstIndex(of: "=") else {
            problems.append(Problem(line: number, message: "There is no '='. Write NAME=value."))
            return
        }
        let name = Self.trimmed(rest[..<equals])
        guard let first = name.utf8.first, !(0x30...0x39).contains(first), name.utf8.allSatisfy(Self.isNameByte) else {
            let message = "Before the '=' stands no name. Use letters, digits and underscores, no digit first."
            problems.append(Problem(line: number, message: message))
            return
        }
        let raw = Self.trimmed(rest[rest.index(after: equals)...])
        guard let value = Self.value(raw) else {
            let message = "The value of \(name) has a quote that is not closed, or text behind the one that closes it."
            problems.append(Problem(line: number, message: message))
            return
        }
        note(raw, of: name, in: line, number: number)
        assignments.append(Assignment(name: String(name), value: value, line: number))
    }

    private static func value(_ raw: Substring) -> String? {
        switch raw.first {
        case "'":
            guard let end = raw.dropFirst().firstIndex(of: "'"), isComment(raw[raw.index(after: end)...]) else {
                return nil
            }
            return String(raw[raw.index(after: raw.startIndex)..<end])
        case "\"":
            return doubleQuoted(raw.dropFirst())
        default:
            let comment = raw.indices.first { index in
                raw[index] == "#" && (index == raw.startIndex || raw[raw.index(before: index)].isWhitespace)
            }
            return String(trimmed(raw[..<(comment ?? raw.endIndex)]))
        }
    }

    private static func doubleQuoted(_ text: Substring) -> String? {
        var value = ""
        var isEscaped = false
        for (index, character) in zip(text.indices, text) {
            if isEscaped {
                value += escaped(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return isComment(text[text.index(after: index)...]) ? value : nil
            } else {
                value.append(character)
            }
        }
        return nil
    }

    /// A backslash before any other letter is a backslash, as in `C:\Temp`.
    private static func escaped(_ character: Character) -> String {
        switch character {
        case "n": "\n"
        case "\"", "\\", "$": String(character)
        default: "\\\(character)"
        }
    }

    /// Whether nothing but blanks and a comment follows a closing quote.
    private static func isComment(_ text: Substring) -> Bool {
        let rest = trimmed(text)
        return rest.isEmpty || rest.first == "#" && text.first?.isWhitespace == true
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }
}
