public import MartletORM

/// Does one thing to the database and another to what migrations know of the models.
///
/// ```swift
/// // The table between posts and tags, which was a field's, becomes a model of its own.
/// SeparateDatabaseAndState(
///     database: [],
///     state: [CreateModel("Tagging", fields: […], table: "blog_post_tags")])
/// ```
///
/// Source: [Django, `SeparateDatabaseAndState`](https://docs.djangoproject.com/en/5.2/ref/migration-operations/#separatedatabaseandstate).
public struct SeparateDatabaseAndState: MigrationOperation {
    /// What is done to the database.
    public let database: [any MigrationOperation]
    /// What later migrations, and `makemigrations`, find the models to be.
    public let state: [any MigrationOperation]

    /// Makes the operation.
    ///
    /// - Parameters:
    ///   - database: What is done to the database; the models do not change by it.
    ///   - state: How the models change; the database does not change by it.
    public init(database: [any MigrationOperation] = [], state: [any MigrationOperation] = []) {
        self.database = database
        self.state = state
    }

    /// `Custom state/database change combination`.
    public var description: String { "Custom state/database change combination" }

    /// Nothing tells it.
    public var nameFragment: String? { nil }

    /// The models that either side makes others refer to.
    public var targets: [ModelName] { (database + state).flatMap(\.targets) }

    /// As one of the operations on the database does.
    public var runsOutsideTransactions: Bool { database.contains { $0.runsOutsideTransactions } }

    /// Changes the models by the operations of the state alone.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        for operation in self.state { try operation.apply(to: &state, app: app) }
    }
}

extension SeparateDatabaseAndState: ActingOperation {
    func actions(
        from before: ProjectState, to after: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction] {
        let states = try databaseStates(from: before, app: place.app)
        var actions: [MigrationAction] = []
        for (index, operation) in database.enumerated() {
            actions += try operation.plannedActions(from: states[index], to: states[index + 1], at: place)
        }
        return actions
    }

    func backwardActions(
        from after: ProjectState, to before: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction]? {
        let states = try databaseStates(from: before, app: place.app)
        var actions: [MigrationAction] = []
        for (index, operation) in database.enumerated().reversed() {
            guard
                let back = try operation.plannedBackwardActions(from: states[index + 1], to: states[index], at: place)
            else { return nil }
            actions += back
        }
        return actions
    }

    /// The models as the operations of the database would leave them, one after the other.
    private func databaseStates(from before: ProjectState, app: String) throws(MigrationError) -> [ProjectState] {
        var states = [before]
        for operation in database {
            var next = states[states.count - 1]
            try operation.apply(to: &next, app: app)
            states.append(next)
        }
        return states
    }
}
