/// How serious a finding of `manage check` is.
///
/// Source: [Django, check levels](https://docs.djangoproject.com/en/5.2/topics/checks/#messages).
public enum CheckLevel: Int, Sendable, Hashable, Comparable, CaseIterable, CustomStringConvertible {
    /// Of interest to whoever works on the check.
    case debug
    /// Worth knowing.
    case info
    /// Works, and may not be what is wanted.
    case warning
    /// Does not work.
    case error
    /// Does harm.
    case critical

    /// By seriousness.
    public static func < (left: CheckLevel, right: CheckLevel) -> Bool { left.rawValue < right.rawValue }

    /// The name in lower case, as it is printed.
    public var description: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        }
    }
}
