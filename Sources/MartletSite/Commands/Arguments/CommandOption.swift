/// A value with a name: `--times 3`, `--times=3`, `-t 3` or `-t3`.
///
/// ```swift
/// let times = CommandOption("times", short: "t", default: 1, help: "How often.")
/// let shade = CommandOption("shade", default: Shade.light, help: "How dark.")     // the enumeration's cases fit
/// let limit = CommandOption<Int?>("limit", help: "At most so many.")              // `nil` when it is not given
/// let tags = CommandOption<[String]>("tag", help: "May be given more than once.")
/// ```
public struct CommandOption<Value: Sendable>: CommandParameter {
    /// What the parser, the help and the completion know of it.
    public let specification: ParameterSpecification

    let reader: ParameterReader<Value>

    private init(
        _ name: String, _ short: Character?, _ placeholder: String?, help: String, completion: ArgumentCompletion,
        reader: ParameterReader<Value>, adjust: (inout ParameterSpecification) -> Void
    ) {
        var specification = ParameterSpecification(kind: .option, name: name, short: short, help: help)
        specification.placeholder = placeholder ?? name.uppercased().split(separator: "-").joined(separator: "_")
        specification.completion = completion
        adjust(&specification)
        self.specification = specification
        self.reader = reader
    }
}

extension CommandOption {
    /// An option with a value of its own when it is not given. Of several, the last one holds.
    ///
    /// - Parameters:
    ///   - name: Without its dashes.
    ///   - short: A letter that stands for the name.
    ///   - placeholder: What the usage calls the value; the name in capitals unless told.
    ///   - value: What it is when it is not given.
    ///   - choices: What fits, when only these do.
    ///   - help: One line for the help.
    public init(
        _ name: String, short: Character? = nil, placeholder: String? = nil, default value: Value,
        choices: [Value]? = nil, completion: ArgumentCompletion = .none, help: String
    ) where Value: ArgumentValue {
        let reader = ParameterReader<Value> { $0.last.map { Value(argument: $0) } ?? value }
        self.init(name, short, placeholder, help: help, completion: completion, reader: reader) {
            $0.defaultText = value.argumentText
            $0.take(Value.self, choices: choices)
        }
    }

    /// An option that is `nil` when it is not given.
    public init<Wrapped: ArgumentValue>(
        _ name: String, short: Character? = nil, placeholder: String? = nil, choices: [Wrapped]? = nil,
        completion: ArgumentCompletion = .none, help: String
    ) where Value == Wrapped? {
        let reader = ParameterReader<Value> { .some($0.last.flatMap(Wrapped.init(argument:))) }
        self.init(name, short, placeholder, help: help, completion: completion, reader: reader) {
            $0.take(Wrapped.self, choices: choices)
        }
    }

    /// An option that may be given more than once; all its values in their order.
    public init<Element: ArgumentValue>(
        _ name: String, short: Character? = nil, placeholder: String? = nil, choices: [Element]? = nil,
        completion: ArgumentCompletion = .none, help: String
    ) where Value == [Element] {
        let reader = ParameterReader<Value> { $0.compactMap(Element.init(argument:)) }
        self.init(name, short, placeholder, help: help, completion: completion, reader: reader) {
            $0.isRepeated = true
            $0.take(Element.self, choices: choices)
        }
    }
}

/// An option that is there or not: `--loud` or `-l`.
public struct CommandFlag: CommandParameter {
    /// What the parser, the help and the completion know of it.
    public let specification: ParameterSpecification

    /// Makes a flag.
    ///
    /// - Parameters:
    ///   - name: Without its dashes.
    ///   - short: A letter that stands for the name.
    ///   - help: One line for the help.
    public init(_ name: String, short: Character? = nil, help: String) {
        specification = ParameterSpecification(kind: .flag, name: name, short: short, help: help)
    }
}
