/// What followed a command's name, taken apart.
///
/// ```swift
/// let times = CommandOption("times", default: 1, help: "How often.")
/// …
/// for _ in 0..<(try context.arguments[times]) { … }
/// ```
public struct Arguments: Sendable {
    private let words: [String]

    let options: [String: [String]]
    let present: Set<String>
    private let command: String
    private let places: [String: Range<Int>]
    private let known: Set<String>

    /// Takes a command line apart: `--name value`, `--name=value`, `--flag`, `-n value`, several flags in one `-abc`, and
    /// `--` before words that begin with a dash.
    ///
    /// - Throws: ``CommandError`` with status 2 for an option the command does not have, a value that does not fit, a
    ///   word that is missing or one too many.
    public init(_ line: [String], for command: any Command) throws(CommandError) {
        var parser = ArgumentParser(line, command)
        try parser.parse()
        words = parser.words
        options = parser.options
        present = parser.present
        self.command = command.name
        places = try parser.placesOfWords()
        known = Set(parser.specifications.map(\.label))
    }

    /// The value of a word with a place.
    ///
    /// - Throws: ``CommandError`` when the parameter is none of the command's.
    public subscript<Value>(_ argument: CommandArgument<Value>) -> Value {
        get throws(CommandError) {
            let texts = places[argument.specification.name].map { Array(words[$0]) } ?? []
            return try value(argument.specification, argument.reader, texts)
        }
    }

    /// The value of an option.
    ///
    /// - Throws: ``CommandError`` when the parameter is none of the command's.
    public subscript<Value>(_ option: CommandOption<Value>) -> Value {
        get throws(CommandError) {
            try value(option.specification, option.reader, options[option.specification.name] ?? [])
        }
    }

    /// Whether a flag was given.
    public subscript(_ flag: CommandFlag) -> Bool { present.contains(flag.specification.name) }

    private func value<Value>(
        _ specification: ParameterSpecification, _ reader: ParameterReader<Value>, _ texts: [String]
    ) throws(CommandError) -> Value {
        // A misspelt name is the command's mistake: without this it would read the default for ever.
        guard known.contains(specification.label), let value = reader.read(texts) else {
            throw CommandError(
                "The command '\(command)' reads \(specification.label), which is not among its parameters. "
                    + "Keep it in a property of the command, or add it to 'parameters'.")
        }
        return value
    }
}
