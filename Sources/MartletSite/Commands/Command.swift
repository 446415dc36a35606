/// One command of `manage`.
///
/// ```swift
/// struct Greet: Command {
///     let name = "greet"
///     let summary = "Greets somebody."
///
///     let whom = CommandArgument<String>("NAME", help: "Who is greeted.")
///     let times = CommandOption("times", short: "t", default: 1, help: "How often.")
///     let isLoud = CommandFlag("loud", help: "In capitals.")
///
///     func run(_ context: CommandContext) async throws {
///         let text = "Hello, \(try context.arguments[whom])!"
///         for _ in 0..<(try context.arguments[times]) {
///             context.print(context.arguments[isLoud] ? text.uppercased() : text)
///         }
///     }
/// }
/// ```
///
/// `--no-input`, `--verbosity`, `--no-color`, `--force-color` and `--help` are understood by every command.
public protocol Command: Sendable {
    /// The word by which it is called.
    var name: String { get }
    /// One line for the list of commands.
    var summary: String { get }
    /// More than that, for its own help.
    var discussion: String { get }
    /// What may follow the name; found in the command's properties unless told.
    var parameters: [any CommandParameter] { get }
    /// What may follow the name, such as `migrate [APP [MIGRATION]] [--plan]`; made from the parameters unless told.
    var usage: String { get }
    /// What the process is for, and so which settings must be there.
    var role: Role { get }

    /// Does it.
    ///
    /// - Throws: ``CommandError`` for what the caller can mend; anything else is shown as it is.
    func run(_ context: CommandContext) async throws
}

extension Command {
    /// ``Role/command``: what a server needs may be missing.
    public var role: Role { .command }
}

/// Why a command did not do what it was asked for.
public struct CommandError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, and what to do.
    public let description: String
    /// The exit status of the process.
    public let exitCode: Int32

    /// Makes an error.
    ///
    /// - Parameter exitCode: 1 for what went wrong, 2 for a call that makes no sense.
    public init(_ description: String, exitCode: Int32 = 1) {
        self.description = description
        self.exitCode = exitCode
    }
}
