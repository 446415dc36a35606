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
    /// Asks the caller; `nil` where nobody can answer, and with `--no-input`.
    public let ask: (@Sendable (String) -> String?)?
    /// What reads the output: a terminal with colors, or a file.
    public let terminal: Terminal
    /// How much is told, from 0 to 3: `--verbosity`.
    public let verbosity: Int
    /// The commands there are, for those that tell of others.
    package let commands: [any Command]

    /// Makes a context.
    public init(
        site: Site, environment: Environment, arguments: Arguments, role: Role = .command,
        print: @escaping @Sendable (String) -> Void, ask: (@Sendable (String) -> String?)? = nil,
        terminal: Terminal = .none
    ) {
        self.init(
            site: site, environment: environment, arguments: arguments, role: role, print: print, ask: ask,
            terminal: terminal, commands: [])
    }

    package init(
        site: Site, environment: Environment, arguments: Arguments, role: Role,
        print: @escaping @Sendable (String) -> Void, ask: (@Sendable (String) -> String?)?, terminal: Terminal,
        commands: [any Command]
    ) {
        self.site = site
        self.environment = environment
        self.arguments = arguments
        self.role = role
        self.print = print
        self.ask = arguments[CommonOptions.noInput] ? nil : ask
        self.terminal = terminal.colored(by: arguments)
        self.commands = commands
        // The parser has let nothing else through, unless the command has an option of that name itself.
        verbosity = (try? arguments[CommonOptions.verbosity]) ?? 1
    }

    /// Prints what is told besides the answer itself, unless `--verbosity` wants less.
    ///
    /// - Parameter verbosity: The least verbosity at which it is told.
    public func note(_ line: @autoclosure () -> String, verbosity: Int = 1) {
        if self.verbosity >= verbosity { print(line()) }
    }

    /// Shows how far long work has come: a bar on a terminal, a line now and then elsewhere.
    ///
    /// - Parameters:
    ///   - title: What is done: `Copying files`.
    ///   - total: How many steps there are.
    public func progress(_ title: String, total: Int) -> CommandProgress {
        let isTold = verbosity > 0
        let quiet = Terminal(isInteractive: false, hasColors: false)
        return CommandProgress(title, total: total, terminal: isTold ? terminal : quiet) { [self] line in
            if isTold { self.print(line) }
        }
    }

    /// The same for work that may be over at once: nothing is shown of less than a thousand steps.
    package func progress(_ title: String, ofMany total: Int) -> CommandProgress? {
        total < 1000 ? nil : progress(title, total: total)
    }

    /// The site's settings, as a process of the command's role needs them.
    ///
    /// - Throws: `SettingsError` with every variable that is missing or does not fit.
    public func settings() throws(SettingsError) -> Settings { try site.settings(environment, role: role) }

    /// Runs an operation on the site with its settings, and closes it afterwards.
    public func withSite<Result: Sendable>(
        _ operation: @Sendable (RunningSite) async throws -> Result
    ) async throws -> Result {
        try await withSite(role: role, operation)
    }

    /// Runs an operation on the site with the settings that a process of a role needs.
    public func withSite<Result: Sendable>(
        role: Role, _ operation: @Sendable (RunningSite) async throws -> Result
    ) async throws -> Result {
        let running = try RunningSite(site, settings: site.settings(environment, role: role))
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
