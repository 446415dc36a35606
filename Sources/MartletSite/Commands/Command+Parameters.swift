extension Command {
    /// What stands in its properties, in their order.
    public var parameters: [any CommandParameter] {
        Mirror(reflecting: self).children.compactMap { $0.value as? any CommandParameter }
    }

    /// The name, and what the parameters say.
    public var usage: String {
        let parameters = parameters.map(\.specification)
        let words = parameters.filter { $0.kind == .word } + parameters.filter { $0.kind != .word }
        return ([name] + words.map(\.usage)).joined(separator: " ")
    }

    /// Nothing.
    public var discussion: String { "" }

    /// Everything that the parser knows: the command's own parameters win over those of every command.
    package var allSpecifications: [ParameterSpecification] {
        let own = parameters.map(\.specification)
        return own + CommonOptions.all.filter { common in !own.contains { $0.label == common.label } }
    }
}
