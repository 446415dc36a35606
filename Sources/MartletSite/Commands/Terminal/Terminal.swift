import FoundationEssentials
import Glibc

/// What reads a command's output.
public struct Terminal: Sendable {
    /// Whether somebody sees the output as it comes, so that a line may be drawn anew.
    public let isInteractive: Bool
    /// Whether colors are wanted.
    public let hasColors: Bool
    /// How many characters a line has.
    public let width: Int
    /// Writes without ending the line; used only where ``isInteractive``.
    let draw: @Sendable (String) -> Void

    /// Describes one.
    ///
    /// - Parameters:
    ///   - width: In characters.
    ///   - draw: Writes without ending the line.
    public init(
        isInteractive: Bool, hasColors: Bool, width: Int = 80, draw: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.isInteractive = isInteractive
        self.hasColors = hasColors
        self.width = width
        self.draw = draw
    }

    /// A file, a pipe, a test: plain lines.
    public static let none = Terminal(isInteractive: false, hasColors: false)

    /// The process's own output.
    ///
    /// Colors are written to terminals that know them, unless `NO_COLOR` is set to anything (https://no-color.org).
    package static func standardOutput(_ environment: [String: String] = ProcessInfo.processInfo.environment)
        -> Terminal
    {
        let isInteractive = isatty(STDOUT_FILENO) == 1
        var size = winsize()
        let isMeasured = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Terminal(
            isInteractive: isInteractive, hasColors: isInteractive && allowsColors(environment),
            width: isMeasured ? Int(size.ws_col) : 80, draw: { StandardStreams.write($0, to: STDOUT_FILENO) })
    }

    /// Whether what is written to a descriptor is in color: on a terminal that knows colors, or where an option says so.
    /// Looks at the words of the command line as they are, which may be what cannot be read.
    package static func hasColors(
        on descriptor: Int32, _ words: [String],
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Bool {
        if words.contains("--no-color") { return false }
        return words.contains("--force-color") || isatty(descriptor) == 1 && allowsColors(environment)
    }

    /// Whether the variables of the environment allow colors.
    static func allowsColors(_ environment: [String: String]) -> Bool {
        (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    /// The same with colors as the options of the command line want them.
    func colored(by arguments: Arguments) -> Terminal {
        let isForced = arguments[CommonOptions.forceColor]
        let hasColors = (hasColors || isForced) && !arguments[CommonOptions.noColor]
        return Terminal(isInteractive: isInteractive, hasColors: hasColors, width: width, draw: draw)
    }
}

/// How a part of a line looks (ECMA-48, SGR).
public struct TextStyle: Sendable {
    let code: String

    /// Heavier.
    public static let bold = Self(code: "1")
    /// Paler.
    public static let faint = Self(code: "2")
    /// What failed.
    public static let red = Self(code: "31")
    /// What went well.
    public static let green = Self(code: "32")
    /// What deserves a look.
    public static let yellow = Self(code: "33")
    /// Names and addresses.
    public static let cyan = Self(code: "36")
}

extension Terminal {
    /// The text in a style; as it is where there are no colors.
    public func styled(_ text: String, _ styles: TextStyle...) -> String {
        guard hasColors, !styles.isEmpty else { return text }
        return "\u{1B}[\(styles.map(\.code).joined(separator: ";"))m\(text)\u{1B}[0m"
    }
}
