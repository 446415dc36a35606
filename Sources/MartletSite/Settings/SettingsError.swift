/// What is wrong with the environment: all of it, so that one start is enough to know.
public struct SettingsError: Error, Sendable, CustomStringConvertible {
    /// One line for each variable.
    public let problems: [String]

    /// What may explain them, such as a `.env` file that was not read.
    public let notes: [String]

    init(problems: [String], notes: [String] = []) {
        self.problems = problems
        self.notes = notes
    }

    /// The problems, a line each, and the notes.
    public var description: String {
        let notes = notes.map { "\n  (\($0))" }.joined()
        return "The settings are not complete:\n" + problems.map { "  - \($0)" }.joined(separator: "\n") + notes
    }
}
