/// A value of which logs, messages and debuggers show `[redacted]` and nothing else.
///
/// A type of an app's own that holds something to be hidden gets by it what ``Secret`` and ``Personal`` have.
public protocol Redacted: Sendable, LogValue, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{}

extension Redacted {
    /// `[redacted]`
    public var logDatum: LogDatum { .redacted }
    /// `[redacted]`
    public var description: String { "[redacted]" }
    /// `[redacted]`
    public var debugDescription: String { "[redacted]" }
    /// Shows nothing to `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
