/// The least level that is told, for each part of a program.
///
/// ```swift
/// let levels = LogLevels(.info, ["martlet.sql": .debug, "blog": .warning])
/// ```
///
/// The longest name that a logger's name begins with counts; `blog` is the beginning of `blog.views`, not of `blogger`.
public struct LogLevels: Sendable, Hashable {
    /// The level where no name fits.
    public let standard: LogLevel

    /// The level of each name.
    public let named: [String: LogLevel]

    /// Makes levels.
    public init(_ standard: LogLevel = .info, _ named: [String: LogLevel] = [:]) {
        self.standard = standard
        self.named = named
    }

    /// The least level that a logger tells.
    public func level(for logger: String) -> LogLevel {
        var name = logger[...]
        while true {
            if let level = named[String(name)] { return level }
            guard let dot = name.lastIndex(of: ".") else { return standard }
            name = name[..<dot]
        }
    }

    /// The least level that any logger tells.
    var lowest: LogLevel { min(standard, named.values.min() ?? standard) }
}
