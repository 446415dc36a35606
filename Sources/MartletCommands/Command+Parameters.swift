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

    /// None.
    public var valueOptions: Set<String> { [] }

    /// None.
    public var flags: Set<String> { [] }

    /// Everything that the parser knows: the command's own parameters win over those of every command.
    var allSpecifications: [ParameterSpecification] {
        let own = parameters.map(\.specification)
        let options = valueOptions.sorted().map { name in
            ParameterSpecification(kind: .option, name: name, placeholder: name.uppercased(), help: "")
        }
        let flags = flags.sorted().map { ParameterSpecification(kind: .flag, name: $0, help: "") }
        let declared = own + options + flags
        return declared + CommonOptions.all.filter { common in !declared.contains { $0.label == common.label } }
    }

    /// Whether the words are not declared as parameters: the usage, written by hand, tells of words then.
    var readsWordsItself: Bool {
        parameters.isEmpty && usage != name
    }
}
