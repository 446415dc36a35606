/// Something that may follow a command's name: a ``CommandArgument``, a ``CommandOption`` or a ``CommandFlag``.
///
/// A command holds its parameters in properties; they are found there by ``Command/parameters``.
public protocol CommandParameter: Sendable {
    /// What the parser, the help and the completion know of it.
    var specification: ParameterSpecification { get }
}

/// What is known of a parameter.
public struct ParameterSpecification: Sendable {
    /// How a parameter stands in a command line.
    package enum Kind: Sendable, Hashable { case word, option, flag }

    package var kind: Kind
    /// Without dashes; for a word what the usage calls it.
    package var name: String
    package var short: Character?
    package var placeholder = ""
    package var help: String
    package var isRequired = false
    package var isRepeated = false
    /// What it is when it is not given, as it would be written.
    package var defaultText: String?
    package var choices: [String] = []
    package var completion = ArgumentCompletion.none
    /// What was expected, when a text does not fit.
    package var check: @Sendable (String) -> String? = { _ in nil }

    /// How it is written: `--name`, or the name of a word.
    package var label: String { kind == .word ? name : "--\(name)" }

    /// How the usage shows it: `[--name VALUE]`, `WORD`, `[WORD …]`.
    package var usage: String {
        let dots = isRepeated ? " …" : ""
        return switch kind {
        case .word: isRequired ? name + dots : "[\(name)\(dots)]"
        case .option: "[--\(name) \(placeholder)]\(dots)"
        case .flag: "[--\(name)]"
        }
    }
}

/// What a shell offers for a word that is being typed.
public struct ArgumentCompletion: Sendable {
    package enum Source: Sendable { case none, files, apps, models, migrations, commands }

    package let source: Source

    /// Nothing, or the choices where there are some.
    public static let none = Self(source: .none)
    /// The names of files.
    public static let files = Self(source: .files)
    /// The labels of the site's apps.
    public static let apps = Self(source: .apps)
    /// The labels of the site's apps, and those of their models: `blog`, `blog.Post`.
    public static let models = Self(source: .models)
    /// The migrations of the app that stands before.
    public static let migrations = Self(source: .migrations)
    /// The names of commands.
    public static let commands = Self(source: .commands)
}

/// Reads the texts that were given for a parameter; the parser has checked them before.
struct ParameterReader<Value: Sendable>: Sendable {
    let read: @Sendable ([String]) -> Value?
}

extension ParameterSpecification {
    /// Takes what the type and the command say about the texts that fit.
    mutating func take<Value: ArgumentValue>(_ type: Value.Type, choices: [Value]?) {
        let words = choices?.map(\.argumentText)
        self.choices = words ?? Value.argumentChoices
        check = { text in
            if let words { return words.contains(text) ? nil : "one of " + words.joined(separator: ", ") }
            return Value(argument: text) == nil ? Value.expectedArgument : nil
        }
    }
}
