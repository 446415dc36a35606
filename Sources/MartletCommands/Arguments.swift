/// What followed a command's name: words and options.
public struct Arguments: Sendable {
    /// The words, in order.
    public let words: [String]

    private let options: [String: String]
    private let present: Set<String>
    private let usage: String

    /// Takes a command line apart: `--name value`, `--name=value`, `--flag`, and `--` before words that begin with one.
    ///
    /// - Throws: ``CommandError`` with status 2 for an option the command does not have.
    public init(_ line: [String], for command: any Command) throws(CommandError) {
        var words: [String] = []
        var options: [String: String] = [:]
        var present: Set<String> = []
        var rest = line[...]
        while let item = rest.popFirst() {
            guard item.hasPrefix("--"), item.count > 2 else {
                if item == "--" {
                    words += rest
                    rest = []
                } else {
                    words.append(item)
                }
                continue
            }
            let parts = item.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            if command.flags.contains(name), parts.count == 1 {
                present.insert(name)
            } else if command.valueOptions.contains(name) {
                guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                    throw Self.error("--\(name) needs a value.", command)
                }
                options[name] = value
            } else {
                throw Self.error("'\(command.name)' has no option '\(item)'.", command)
            }
        }
        self.words = words
        self.options = options
        self.present = present
        usage = command.usage
    }

    /// The first word.
    ///
    /// - Parameter name: What the word is, for the message.
    /// - Throws: ``CommandError`` with status 2 when there is none.
    public func required(_ name: String) throws(CommandError) -> String {
        guard let word = words.first else {
            throw CommandError("\(name) is missing. Usage: manage \(usage)", exitCode: 2)
        }
        return word
    }

    /// Refuses words that the command would pass over in silence.
    func atMost(_ count: Int) throws(CommandError) {
        guard words.count > count else { return }
        throw CommandError("'\(words[count])' is one word too many. Usage: manage \(usage)", exitCode: 2)
    }

    /// Whether a flag was given.
    public func has(_ flag: String) -> Bool { present.contains(flag) }

    /// The value of an option.
    public func value(_ option: String) -> String? { options[option] }

    private static func error(_ problem: String, _ command: any Command) -> CommandError {
        CommandError("\(problem) Usage: manage \(command.usage)", exitCode: 2)
    }
}
