/// A word of a command line that is known by its place.
///
/// ```swift
/// let name = CommandArgument<String>("NAME", help: "Who is greeted.")                // must be there
/// let times = CommandArgument("TIMES", default: 1, help: "How often.")               // may be left out
/// let file = CommandArgument<String?>("FILE", help: "Where it is written.")          // may be left out
/// let others = CommandArgument<[String]>("OTHER", help: "Who else is greeted.")      // any number of them; the last
/// ```
public struct CommandArgument<Value: Sendable>: CommandParameter {
    /// What the parser, the help and the completion know of it.
    public let specification: ParameterSpecification

    let reader: ParameterReader<Value>

    private init(
        _ name: String, help: String, completion: ArgumentCompletion, reader: ParameterReader<Value>,
        adjust: (inout ParameterSpecification) -> Void
    ) {
        var specification = ParameterSpecification(kind: .word, name: name, help: help)
        specification.completion = completion
        adjust(&specification)
        self.specification = specification
        self.reader = reader
    }
}

extension CommandArgument where Value: ArgumentValue {
    /// A word that must be there.
    ///
    /// - Parameters:
    ///   - name: What the usage calls it, in capitals.
    ///   - choices: What fits, when only these do.
    ///   - help: One line for the help.
    public init(
        _ name: String, choices: [Value]? = nil, completion: ArgumentCompletion = .none, help: String
    ) {
        let reader = ParameterReader<Value> { $0.last.flatMap(Value.init(argument:)) }
        self.init(name, help: help, completion: completion, reader: reader) {
            $0.isRequired = true
            $0.take(Value.self, choices: choices)
        }
    }

    /// A word that may be left out.
    ///
    /// - Parameter value: What it is then.
    public init(
        _ name: String, default value: Value, choices: [Value]? = nil, completion: ArgumentCompletion = .none,
        help: String
    ) {
        let reader = ParameterReader<Value> { $0.last.map { Value(argument: $0) } ?? value }
        self.init(name, help: help, completion: completion, reader: reader) {
            $0.defaultText = value.argumentText
            $0.take(Value.self, choices: choices)
        }
    }
}

extension CommandArgument {
    /// A word that may be left out, and is `nil` then.
    public init<Wrapped: ArgumentValue>(
        _ name: String, choices: [Wrapped]? = nil, completion: ArgumentCompletion = .none, help: String
    ) where Value == Wrapped? {
        let reader = ParameterReader<Value> { .some($0.last.flatMap(Wrapped.init(argument:))) }
        self.init(name, help: help, completion: completion, reader: reader) {
            $0.take(Wrapped.self, choices: choices)
        }
    }

    /// Any number of words, up to the end of the line.
    ///
    /// - Parameter isRequired: Whether there must be at least one.
    public init<Element: ArgumentValue>(
        _ name: String, isRequired: Bool = false, choices: [Element]? = nil, completion: ArgumentCompletion = .none,
        help: String
    ) where Value == [Element] {
        let reader = ParameterReader<Value> { $0.compactMap(Element.init(argument:)) }
        self.init(name, help: help, completion: completion, reader: reader) {
            $0.isRequired = isRequired
            $0.isRepeated = true
            $0.take(Element.self, choices: choices)
        }
    }
}
