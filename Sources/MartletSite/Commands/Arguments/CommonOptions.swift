/// The options that every command understands.
package enum CommonOptions {
    package static let noInput = CommandFlag("no-input", help: "Never asks; fails where it would have to.")
    package static let verbosity = CommandOption(
        "verbosity", short: "v", default: 1, choices: [0, 1, 2, 3],
        help: "How much is told: 0 only what was asked for, 1 the usual, 2 and 3 more.")
    package static let noColor = CommandFlag("no-color", help: "Writes without colors, as NO_COLOR does.")
    package static let forceColor = CommandFlag(
        "force-color", help: "Writes with colors, also where nobody seems to look.")
    package static let help = CommandFlag("help", short: "h", help: "Shows this.")

    package static let all: [ParameterSpecification] = [
        noInput.specification, verbosity.specification, noColor.specification, forceColor.specification,
        help.specification,
    ]
}
