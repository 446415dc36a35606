import Glibc

/// A file could not be opened or read.
public struct FileError: Error, Sendable, CustomStringConvertible {
    /// What was being done.
    package enum Step: Sendable { case opening, reading }

    /// The path, or the name of an open file.
    public let path: String

    /// The value of `errno`; 0 when the file became shorter while it was read.
    public let code: Int32

    private let step: Step

    package init(_ step: Step, _ path: String, code: Int32) {
        self.step = step
        self.path = path
        self.code = code
    }

    /// What happened, to which file, and what to do.
    public var description: String {
        "The file \(path.debugDescription) could not be \(step == .opening ? "opened" : "read"): \(cause)"
    }

    private var cause: String {
        switch code {
        case 0: "it became shorter meanwhile. Replace files by renaming a new one over the old one."
        case EISDIR: "it is no regular file."
        case EMFILE, ENFILE: "too many files are open. Raise the limit of open files (ulimit -n)."
        default: String(cString: strerror(code)) + "."
        }
    }
}
