/// How much an event matters.
public enum LogLevel: UInt8, Sendable, Hashable, Comparable, CaseIterable, CustomStringConvertible {
    /// For whoever follows the program step by step.
    case debug
    /// What happened in the normal course.
    case info
    /// Something that went on, but should not go on like this.
    case warning
    /// Something that failed.
    case error
    /// The program as a whole is in danger.
    case critical

    /// Reads `debug`, `INFO` and so on.
    ///
    /// - Returns: `nil` for any other text.
    public init?(_ name: String) {
        let name = name.lowercased()
        guard let level = Self.allCases.first(where: { $0.description == name }) else { return nil }
        self = level
    }

    /// The name as lines have it.
    public var description: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        }
    }

    /// Whether the first matters less.
    @inlinable public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
