/// A template that was rendered, with all that it extends and includes, as tracing and debug tools see it.
public struct TemplateEvent: Sendable {
    /// The template's name.
    public let name: String
    /// How long it took; compiling it does not count.
    public let duration: Duration
    /// Whether it ended with an error.
    public let hasFailed: Bool
}
