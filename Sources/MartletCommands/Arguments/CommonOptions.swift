/// The options that every command understands.
enum CommonOptions {
    static let noInput = CommandFlag("no-input", help: "Never asks; fails where it would have to.")
    static let verbosity = CommandOption(
        "verbosity", short: "v", default: 1, choices: [0, 1, 2, 3],
        help: "How much is told: 0 only what was asked for, 1 the usual, 2 and 3 more.")
    static let noColor = CommandFlag("no-color", help: "Writes without colors, as NO_COLOR does.")
    static let forceColor = CommandFlag("force-color", help: "Writes with colors, also where nobody seems to look.")
    static let help = CommandFlag("help", short: "h", help: "Shows this.")

    static let all: [ParameterSpecification] = [
        noInput.specification, verbosity.specification, noColor.specification, forceColor.specification,
        help.specification,
    ]
}
