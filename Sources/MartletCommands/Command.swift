public import MartletSite

/// One command of `manage`.
///
/// ```swift
/// struct Greet: Command {
///     let name = "greet"
///     let summary = "Greets somebody."
///     let usage = "greet NAME"
///
///     func run(_ context: CommandContext) async throws {
///         guard let name = context.arguments.words.first else { throw CommandError("Whom?", exitCode: 2) }
///         context.print("Hello, \(name)!")
///     }
/// }
/// ```
public protocol Command: Sendable {
    /// The word by which it is called.
    var name: String { get }
    /// One line for the list of commands.
    var summary: String { get }
    /// What may follow the name, such as `migrate [APP [MIGRATION]] [--plan]`.
    var usage: String { get }
    /// The options that take a value, without their dashes.
    var valueOptions: Set<String> { get }
    /// The options that are there or not, without their dashes.
    var flags: Set<String> { get }
    /// What the process is for, and so which settings must be there.
    var role: Role { get }

    /// Does it.
    ///
    /// - Throws: ``CommandError`` for what the caller can mend; anything else is shown as it is.
    func run(_ context: CommandContext) async throws
}

extension Command {
    /// None.
    public var valueOptions: Set<String> { [] }
    /// None.
    public var flags: Set<String> { [] }
    /// ``MartletSite/Role/command``: what a server needs may be missing.
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

/// What a command works with.
public struct CommandContext: Sendable {
    /// The site.
    public let site: Site
    /// The variables the settings are read from.
    public let environment: Environment
    /// What followed the command's name.
    public let arguments: Arguments
    /// What the process is for: the command's role.
    public let role: Role
    /// Writes a line for the caller.
    public let print: @Sendable (String) -> Void
    /// Asks the caller; `nil` where nobody can answer.
    public let ask: (@Sendable (String) -> String?)?

    /// Makes a context.
    public init(
        site: Site, environment: Environment, arguments: Arguments, role: Role = .command,
        print: @escaping @Sendable (String) -> Void, ask: (@Sendable (String) -> String?)? = nil
    ) {
        self.site = site
        self.environment = environment
        self.arguments = arguments
        self.role = role
        self.print = print
        self.ask = ask
    }

    /// The site's settings, as a process of the command's role needs them.
    ///
    /// - Throws: `SettingsError` with every variable that is missing or does not fit.
    public func settings() throws(SettingsError) -> Settings { try site.settings(environment, role: role) }

    /// Runs an operation on the site with its settings, and closes it afterwards.
    public func withSite<Result: Sendable>(
        _ operation: @Sendable (RunningSite) async throws -> Result
    ) async throws -> Result {
        let running = try RunningSite(site, settings: settings())
        do {
            let result = try await running.bound { try await operation(running) }
            await running.close()
            return result
        } catch {
            await running.close()
            throw error
        }
    }
}
