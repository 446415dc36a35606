/// A file of a project, as it is to be written.
public struct ScaffoldFile: Sendable, Hashable {
    /// Where it goes, from the project's folder.
    public let path: String
    /// What it says.
    public let text: String
    /// Whether it is a program.
    public let isExecutable: Bool
    /// Whether only its owner may read it: it has secrets in it.
    public let isPrivate: Bool

    init(_ path: String, isExecutable: Bool = false, isPrivate: Bool = false, _ text: String) {
        self.path = path
        self.text = text.hasSuffix("\n") ? text : text + "\n"
        self.isExecutable = isExecutable
        self.isPrivate = isPrivate
    }
}
