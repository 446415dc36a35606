/// Runs code of its own, in the migration's transaction.
///
/// ```swift
/// RunSwift(reverse: .nothing) { data in
///     try await data.model("Post").update(reading: ["body"]) { post in
///         ["excerpt": .text(String(try post.text("body").prefix(80)))]
///     }
/// }
/// ```
///
/// The code sees the models as they were when the migration was written, and never names a model's type: that will have
/// changed when the migration runs.
///
/// Source: [Django, `RunPython`](https://docs.djangoproject.com/en/5.2/ref/migration-operations/#runpython).
public struct RunSwift: MigrationOperation {
    /// What is run.
    public typealias Code = @Sendable (_ data: MigrationData) async throws -> Void

    /// What happens when the code is to be undone.
    public enum Reverse: Sendable {
        /// Runs this code.
        case swift(Code)
        /// Does nothing: there is nothing to undo.
        case nothing
        /// Refuses: the migration cannot be undone.
        case irreversible
    }

    /// The way forwards.
    public let code: Code
    /// The way back.
    public let reverse: Reverse
    /// Whether `squashmigrations` may leave it out: it concerned rows that a new database has not.
    public let isElidable: Bool

    /// Makes the operation.
    ///
    /// - Parameters:
    ///   - reverse: The way back; there is no default, since it must be thought about.
    ///   - elidable: Whether `squashmigrations` may leave it out.
    ///   - code: The way forwards. What it throws ends the migration, and the database is as before.
    public init(reverse: Reverse, elidable: Bool = false, _ code: @escaping Code) {
        self.code = code
        self.reverse = reverse
        isElidable = elidable
    }

    /// `Run Swift code`.
    public var description: String { "Run Swift code" }

    /// Nothing tells it.
    public var nameFragment: String? { nil }

    /// Leaves the models alone.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {}
}

extension RunSwift: ActingOperation {
    func actions(
        from before: ProjectState, to after: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction] {
        place.runsOwnWork ? [.code(code, .init(state: after, app: place.app))] : []
    }

    func backwardActions(
        from after: ProjectState, to before: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction]? {
        switch reverse {
        case .swift(let code): place.runsOwnWork ? [.code(code, .init(state: before, app: place.app))] : []
        case .nothing: []
        case .irreversible: nil
        }
    }
}
