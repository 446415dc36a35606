import MartletSite
import MartletValues

/// Prints the version of Martlet that the program was built with.
struct VersionCommand: Command {
    let name = "version"
    let summary = "Prints the version of Martlet that the program was built with."

    func run(_ context: CommandContext) async throws {
        context.print(martletVersion)
    }
}
