/// Who holds a connection, for messages: a request, a command, or a task.
public struct LeaseHolder: Sendable, Hashable, CustomStringConvertible {
    /// What it is, such as `GET`.
    private let kind: String
    /// Which one it is, such as the path.
    private let name: String

    @TaskLocal package static var current: LeaseHolder?

    /// Names a holder in two parts, which are put together only when somebody asks.
    package init(_ kind: String, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// `GET /posts/`, `nightly report`, or what is known of a task that has no name.
    public var description: String {
        let text = kind.isEmpty ? name : "\(kind) \(name)"
        return text.unicodeScalars.count > 200 ? String(text.unicodeScalars.prefix(200)) + "…" : text
    }

    /// The holder for the current task.
    static var here: LeaseHolder {
        current ?? LeaseHolder("", Task.name.map { "task '\($0)'" } ?? "a task without a name")
    }
}

/// Runs an operation whose connections are held under a name: what a pool says that has no connection left.
///
/// Requests have their method and path as their name without this, and tasks theirs.
///
/// ```swift
/// try await holdingConnections(as: "nightly report") { … }
/// ```
public func holdingConnections<Result>(
    as name: String, isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
) async rethrows -> Result {
    try await LeaseHolder.$current.withValue(LeaseHolder("", name), operation: operation, isolation: isolation)
}
