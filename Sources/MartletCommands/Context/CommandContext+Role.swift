import MartletSite
import MartletValues

extension CommandContext {
    /// The role of a name, as `--role` gives it; the command's own without one.
    ///
    /// - Throws: ``CommandError`` for one that neither the framework, nor a setting, nor a command knows.
    func role(named word: String?) throws(CommandError) -> Role {
        guard let word else { return role }
        let (reader, _) = site.readSettings(environment, role: role)
        let known = [.web, .worker, .beat, .command] + reader.declared.flatMap { $0.roles.named ?? [] }
        let names = known.map(\.description).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        guard names.contains(word) else {
            let near = Suggestion.text(for: word, among: names)
            throw CommandError(
                "There is no role '\(word)'.\(near) --role is one of \(names.joined(separator: ", ")).", exitCode: 2)
        }
        return Role(word)
    }
}
