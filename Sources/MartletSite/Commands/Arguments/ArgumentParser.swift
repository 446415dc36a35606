import MartletValues

/// Takes one command line apart.
struct ArgumentParser {
    let specifications: [ParameterSpecification]
    private(set) var words: [String] = []
    private(set) var options: [String: [String]] = [:]
    private(set) var present: Set<String> = []

    private var rest: ArraySlice<String>
    private let command: any Command

    init(_ line: [String], _ command: any Command) {
        rest = line[...]
        self.command = command
        specifications = command.allSpecifications
    }

    mutating func parse() throws(CommandError) {
        while let item = rest.popFirst() {
            if item == "--" {
                words += rest
                return
            } else if item.hasPrefix("--") {
                try takeLong(item)
            } else if item.hasPrefix("-"), item.count > 1, Double(item) == nil {
                try takeShort(item)
            } else {
                words.append(item)
            }
        }
    }

    /// Which words belong to which of the command's arguments.
    ///
    /// - Throws: ``CommandError`` for one that is missing, one too many, or one that does not fit.
    func placesOfWords() throws(CommandError) -> [String: Range<Int>] {
        let arguments = specifications.filter { $0.kind == .word }
        var places: [String: Range<Int>] = [:]
        var next = 0
        for argument in arguments {
            let end = argument.isRepeated ? words.count : min(next + 1, words.count)
            if next == end, argument.isRequired { throw error("\(argument.name) is missing.") }
            for word in words[next..<end] { try check(word, argument) }
            places[argument.name] = next..<end
            next = end
        }
        if next < words.count {
            throw error("'\(words[next])' is one word too many.")
        }
        return places
    }

    private mutating func takeLong(_ item: String) throws(CommandError) {
        let parts = item.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let found = specifications.first(where: { $0.kind != .word && $0.name == name }) else {
            throw unknown(item, name)
        }
        if found.kind == .flag, parts.count == 2 { throw error("--\(name) takes no value.") }
        try take(found, attached: parts.count == 2 ? String(parts[1]) : nil)
    }

    private mutating func takeShort(_ item: String) throws(CommandError) {
        var letters = item.dropFirst()
        while let letter = letters.popFirst() {
            guard let found = specifications.first(where: { $0.short == letter }) else {
                throw error("'\(command.name)' has no option '-\(letter)'.")
            }
            guard found.kind == .option else {
                present.insert(found.name)
                continue
            }
            let attached = letters.first == "=" ? letters.dropFirst() : letters
            try take(found, attached: attached.isEmpty ? nil : String(attached))
            return
        }
    }

    private mutating func take(_ found: ParameterSpecification, attached: String?) throws(CommandError) {
        guard found.kind == .option else {
            present.insert(found.name)
            return
        }
        guard let value = attached ?? rest.popFirst() else { throw error("--\(found.name) needs a value.") }
        try check(value, found)
        options[found.name, default: []].append(value)
    }

    private func check(_ text: String, _ specification: ParameterSpecification) throws(CommandError) {
        guard let expected = specification.check(text) else { return }
        let hint = Suggestion.text(for: text, among: specification.choices)
        throw error("\(specification.label) is '\(text)'; expected is \(expected).\(hint)")
    }

    private func unknown(_ item: String, _ name: String) -> CommandError {
        let names = specifications.filter { $0.kind != .word }.map { "--\($0.name)" }
        let hint = Suggestion.text(for: "--\(name)", among: names)
        return error("'\(command.name)' has no option '\(item)'.\(hint)")
    }

    private func error(_ problem: String) -> CommandError {
        CommandError("\(problem) Usage: manage \(command.usage)", exitCode: 2)
    }
}
