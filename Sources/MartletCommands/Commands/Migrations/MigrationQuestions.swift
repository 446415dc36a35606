import MartletMigrations
import MartletORM
import MartletSite
import Synchronization

/// Answers what `makemigrations` asks: by the options first, then by whoever sits at the terminal, else by refusing.
final class MigrationQuestions: Sendable {
    private struct Value: Sendable {
        let option: String
        let field: String
        let text: String
    }

    private let context: CommandContext
    private let values: [Value]
    private let nothingIsRenamed: Bool
    /// The options that have answered something; questions come one after the other, from one task.
    private let used = Mutex<Set<String>>([])

    /// Reads the values that `--default` gives.
    ///
    /// - Parameter nothingIsRenamed: Whether every question about a new name is answered with no.
    init(_ context: CommandContext, defaults: [String], nothingIsRenamed: Bool) throws(CommandError) {
        self.context = context
        self.nothingIsRenamed = nothingIsRenamed
        var values: [Value] = []
        for option in defaults {
            guard let sign = option.firstIndex(of: "="), sign != option.startIndex else {
                throw CommandError(
                    "'--default \(option)' has no form FIELD=VALUE, such as blog.Post.rank=5.", exitCode: 2)
            }
            values.append(
                Value(
                    option: option, field: String(option[..<sign]), text: String(option[option.index(after: sign)...])))
        }
        self.values = values
    }

    private var ask: (@Sendable (String) -> String?)? { context.ask }

    /// What existing rows get.
    var fill: DefaultQuestion.Answer {
        { [self] question in
            if let value = given(question) {
                if let fill = question.read(value.text) { return fill }
                throw CommandError("'--default \(value.option)' does not fit the field. It takes \(question.hint).")
            }
            guard let ask else { return try await DefaultQuestion.refuse(question) }
            context.print(question.text)
            while let text = ask("Type \(question.hint):") {
                if let fill = question.read(text) { return fill }
                context.print("That does not fit the field.")
            }
            return try await DefaultQuestion.refuse(question)
        }
    }

    /// Whether something goes on under another name.
    var isRenamed: Rename.Answer {
        { [self] rename in
            if nothingIsRenamed { return false }
            guard let ask else { return try await Rename.refuse(rename) }
            while let text = ask("\(rename.text) [y/N]") {
                switch text.lowercased() {
                case "y", "yes": return true
                case "", "n", "no": return false
                default: context.print("Type y or n.")
                }
            }
            return try await Rename.refuse(rename)
        }
    }

    /// Refuses options that answered nothing: they were misspelt, or meant for another time.
    func requireAllUsed() throws(CommandError) {
        let used = used.withLock { $0 }
        guard let left = values.first(where: { !used.contains($0.option) }) else { return }
        throw CommandError(
            "'--default \(left.option)' answers no question: no field '\(left.field)' needs a value for existing rows, "
                + "or its property has an initial value that they get.")
    }

    private func given(_ question: DefaultQuestion) -> Value? {
        let (model, field) = (question.model, question.field.name)
        let names = ["\(model).\(field)", "\(model.name).\(field)", field]
        guard let value = values.first(where: { names.contains($0.field) }) else { return nil }
        used.withLock { _ = $0.insert(value.option) }
        return value
    }
}
