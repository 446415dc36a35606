public import MartletORM

/// A model or a field that may go on under another name: asked of whoever runs `makemigrations`.
public struct Rename: Sendable, Hashable, CustomStringConvertible {
    /// The model; for a field the one it belongs to, by its new name.
    public let model: ModelName
    /// The field; `nil` when it is the model itself.
    public let field: String?
    /// The name it gets.
    public let newName: String

    /// Says whether it was renamed, or throws.
    public typealias Answer = @Sendable (Rename) async throws -> Bool

    /// `blog.Post.body:text`, as `--rename` takes it.
    public var description: String { "\(model)\(field.map { ".\($0)" } ?? ""):\(newName)" }

    /// The question as a sentence.
    public var text: String {
        guard let field else { return "Was the model '\(model)' renamed to '\(newName)'?" }
        return "Was '\(model).\(field)' renamed to '\(model).\(newName)'?"
    }

    /// Says that nothing was renamed: what goes is removed with its values, what comes is added.
    public static let never: Answer = { _ in false }

    /// Answers no question: what `--no-input`, or a command without a terminal, does, since a wrong answer loses values.
    public static let refuse: Answer = { rename in
        throw MigrationError(
            .renameUnclear, rename.text,
            "If so, run makemigrations with `--rename \(rename)`, and all values stay. If not, with `--no-renames`, and "
                + "the values of what goes are deleted.")
    }
}

/// A new name as `--rename` gives it: `blog.Post:Article`, `blog.Post.body:text`, or less where that is clear.
public struct RenameRequest: Sendable, Hashable {
    /// What was written.
    public let text: String

    private let old: String
    private let new: String

    /// Reads `old:new`.
    ///
    /// - Throws: ``MigrationError`` of kind `renameUnclear` for a text of another form.
    public init(_ text: String) throws(MigrationError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[0] != parts[1] else {
            throw MigrationError(
                .renameUnclear, "'\(text)' is no new name.",
                "Write the old name and the new one: `blog.Post:Article` or `blog.Post.body:text`.")
        }
        self.text = text
        old = String(parts[0])
        new = String(parts[1])
    }

    /// Whether this means a rename.
    ///
    /// - Parameter formerly: The name that the model of a field had before it was renamed itself.
    func means(_ rename: Rename, formerly: ModelName? = nil) -> Bool {
        let models = [rename.model, formerly].compactMap(\.self)
        guard let field = rename.field else {
            return (old == rename.model.name || old == rename.model.description)
                && (new == rename.newName || new == "\(rename.model.app).\(rename.newName)")
        }
        func names(_ field: String) -> [String] {
            models.flatMap { ["\($0).\(field)", "\($0.name).\(field)"] } + [field]
        }
        return names(field).contains(old) && names(rename.newName).contains(new)
    }
}
