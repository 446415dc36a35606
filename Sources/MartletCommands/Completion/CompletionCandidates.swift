import MartletMigrations
import MartletORM
import MartletSite

/// What a shell may offer for the last word of a line.
struct CompletionCandidates {
    let commands: [any Command]
    let site: Site

    /// A word, and a few words about it. The word `:files` stands for the names of files.
    typealias Candidate = (word: String, about: String)

    static let files: Candidate = (":files", "")

    /// The candidates for a line without the program's name; its last word is the one that is being typed.
    func of(_ line: [String]) -> [Candidate] {
        // Bash takes `--name=value` apart into three words.
        let words = line.filter { $0 != "=" }
        let isValue = line.last == "=" || line.dropLast().last == "="
        let typed = line.last == "=" ? "" : words.last ?? ""
        guard let name = words.first, words.count > 1 || isValue else {
            return matching(commandNames + [("help", "Tells about a command.")], typed)
        }
        if name == "help" { return matching(commandNames, typed) }
        guard let command = commands.first(where: { $0.name == name }) else { return [] }
        let before = line.last == "=" ? words.dropFirst() : words.dropFirst().dropLast()
        return candidates(of: command, after: Array(before), typed)
    }

    private var commandNames: [Candidate] { commands.map { ($0.name, $0.summary) } }

    private func candidates(of command: any Command, after before: [String], _ typed: String) -> [Candidate] {
        let options = command.allSpecifications.filter { $0.kind != .word }
        let isLiteral = before.contains("--")
        if !isLiteral {
            if let option = before.last.flatMap({ word in Self.option(word, options) }), option.kind == .option {
                return matching(values(of: option), typed)
            }
            if typed.hasPrefix("--"), let sign = typed.firstIndex(of: "=") {
                let name = String(typed[..<sign])
                guard let option = Self.option(name, options) else { return [] }
                let found = matching(values(of: option), String(typed[typed.index(after: sign)...]))
                return found.filter { $0.word != Self.files.word }.map { ("\(name)=\($0.word)", $0.about) }
            }
            if typed.hasPrefix("-") {
                let rest = options.filter { $0.isRepeated || !before.contains("--\($0.name)") }
                return matching(rest.map { ("--\($0.name)", $0.help) }, typed)
            }
        }
        return matching(word(of: command, after: places(in: before, options)), typed)
    }

    /// The words that are neither options nor their values.
    private func places(in words: [String], _ options: [ParameterSpecification]) -> [String] {
        var places: [String] = []
        var isValue = false
        var isLiteral = false
        for word in words {
            if isValue {
                isValue = false
            } else if !isLiteral, word == "--" {
                isLiteral = true
            } else if !isLiteral, word.hasPrefix("-"), word.count > 1 {
                isValue = Self.option(word, options)?.kind == .option
            } else {
                places.append(word)
            }
        }
        return places
    }

    private func word(of command: any Command, after words: [String]) -> [Candidate] {
        let arguments = command.allSpecifications.filter { $0.kind == .word }
        if words.count < arguments.count { return values(of: arguments[words.count], after: words) }
        return arguments.last.map { $0.isRepeated ? values(of: $0, after: words) : [] } ?? []
    }

    private func values(of specification: ParameterSpecification, after words: [String] = []) -> [Candidate] {
        if !specification.choices.isEmpty { return specification.choices.map { ($0, "") } }
        return switch specification.completion.source {
        case .none: []
        case .files: [Self.files]
        case .apps: site.apps.map { ($0.label, "") }
        case .commands: commandNames
        case .models: site.apps.flatMap { app in [(app.label, "")] + app.models.map { ("\($0.modelName)", "") } }
        case .migrations: migrations(after: words)
        }
    }

    /// Those of the app that the line names.
    private func migrations(after words: [String]) -> [Candidate] {
        let app = site.apps.first { words.contains($0.label) }
        return app?.migrations?.list.map { ($0.name, "") } ?? []
    }

    private static func option(_ word: String, _ options: [ParameterSpecification]) -> ParameterSpecification? {
        options.first { "--\($0.name)" == word || $0.short.map { "-\($0)" } == word }
    }

    private func matching(_ candidates: [Candidate], _ typed: String) -> [Candidate] {
        candidates.filter { $0.word.hasPrefix(typed) || $0.word == Self.files.word }
    }
}
