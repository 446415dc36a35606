/// Makes lines of events.
public protocol LogRenderer: Sendable {
    /// Appends one line with its line feed. No value may be able to begin a second one.
    func render(_ event: LogEvent, to bytes: inout [UInt8])
}
