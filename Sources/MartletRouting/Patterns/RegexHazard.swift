/// Finds a repetition without a bound inside another one, such as `(a+)+` or `([a-z]*/)*`: where both can take the same
/// text, a backtracking search may need time that doubles with each character.
struct RegexHazard {
    /// An open group.
    private struct Group {
        let start: String.Index
        /// Whether it holds an unbounded repetition.
        var repeats = false
        /// `(?>…)`, which gives nothing back.
        let isAtomic: Bool
    }

    /// The first such group with its repetition, as it is written.
    private(set) var group: String?

    private let text: String
    private var index: String.Index
    private var open: [Group]

    init(_ text: String) {
        self.text = text
        index = text.startIndex
        open = [Group(start: text.startIndex, isAtomic: false)]
        while group == nil, index < text.endIndex { step() }
    }

    /// Reads one atom with the quantifier behind it.
    private mutating func step() {
        let start = index
        switch text[index] {
        case "\\":
            advance(2)
            passBraces(of: start)
            endAtom(from: start, repeats: false)
        case "[":
            passClass()
            endAtom(from: start, repeats: false)
        case "(":
            open.append(Group(start: start, isAtomic: text[index...].hasPrefix("(?>")))
            advance(text[index...].hasPrefix("(?") ? 2 : 1)
            if index < text.endIndex, ":>=!|".contains(text[index]) { advance(1) }
        case ")" where open.count > 1:
            let closed = open.removeLast()
            advance(1)
            endAtom(from: closed.start, repeats: closed.repeats && !closed.isAtomic)
        default:
            advance(1)
            endAtom(from: start, repeats: false)
        }
    }

    /// Passes what belongs to an escape, such as `{L}` of `\p{L}`, and is no quantifier.
    private mutating func passBraces(of start: String.Index) {
        let letter = text.index(after: start)
        guard letter < text.endIndex, "pPuxNkg".contains(text[letter]), index < text.endIndex,
            let end = ["{": "}", "<": ">"][text[index]] as Character?,
            let last = text[index...].firstIndex(of: end)
        else { return }
        index = text.index(after: last)
    }

    /// Looks at the quantifier behind an atom, which itself `repeats` or not.
    private mutating func endAtom(from start: String.Index, repeats: Bool) {
        let quantifier = unboundedQuantifier()
        if let quantifier, repeats {
            group = String(text[start..<quantifier])
        }
        if quantifier != nil || repeats { open[open.count - 1].repeats = true }
    }

    /// The end of `*`, `+` or `{n,}` with what makes it reluctant; `nil` for none, and for a possessive one.
    private mutating func unboundedQuantifier() -> String.Index? {
        guard index < text.endIndex else { return nil }
        switch text[index] {
        case "*", "+":
            advance(1)
        case "?":
            advance(1)
            return nil
        case "{":
            guard let end = text[index...].firstIndex(of: "}") else { return nil }
            let isOpen = text[index..<end].last == ","
            index = text.index(after: end)
            if !isOpen { return nil }
        default:
            return nil
        }
        if index < text.endIndex, text[index] == "+" {
            advance(1)
            return nil
        }
        if index < text.endIndex, text[index] == "?" { advance(1) }
        return index
    }

    private mutating func passClass() {
        advance(1)
        var depth = 1
        var isFirst = true
        while index < text.endIndex, depth > 0 {
            switch text[index] {
            case "\\": advance(1)
            case "[": depth += 1
            case "]" where !isFirst: depth -= 1
            default: break
            }
            isFirst = false
            advance(1)
        }
    }

    private mutating func advance(_ count: Int) {
        index = text.index(index, offsetBy: count, limitedBy: text.endIndex) ?? text.endIndex
    }
}
