extension CheckLevel: ArgumentValue {
    /// Reads a level's name, in capitals or not.
    public init?(argument: String) {
        guard let level = Self.allCases.first(where: { $0.description == argument.lowercased() }) else { return nil }
        self = level
    }

    /// The names.
    public static var expectedArgument: String { "one of " + argumentChoices.joined(separator: ", ") }

    /// The names.
    public static var argumentChoices: [String] { allCases.map(\.description) }
}
