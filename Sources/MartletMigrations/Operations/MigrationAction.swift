import MartletORM

/// One thing that a migration does to a database.
enum MigrationAction: Sendable {
    /// Runs statements.
    case schema(SchemaStep)
    /// Runs code of the migration's own, which sees the models of that moment.
    case code(RunSwift.Code, MigrationData.Models)

    /// The statements; `nil` for code.
    var step: SchemaStep? {
        if case .schema(let step) = self { step } else { nil }
    }
}

/// Where an operation is planned: in the migration of an app, for a database.
struct OperationPlace {
    let app: String
    let editor: any SchemaEditor
    let scope: MigrationScope

    /// Whether the database runs what operations bring along beside their tables.
    var runsOwnWork: Bool { scope.runsStatements(of: app) }
}

/// An operation that does something else than make the tables fit the models.
protocol ActingOperation: MigrationOperation {
    /// What it does forwards, in order.
    func actions(
        from before: ProjectState, to after: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction]

    /// What it does on the way back; `nil` when there is no way back.
    func backwardActions(
        from after: ProjectState, to before: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction]?
}

extension MigrationOperation {
    /// What any operation does forwards, in order.
    func plannedActions(
        from before: ProjectState, to after: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction] {
        if let acting = self as? any ActingOperation {
            return try acting.actions(from: before, to: after, at: place)
        }
        let steps = try steps(from: before, to: after, app: place.app, editor: place.editor, in: place.scope)
        return steps.map(MigrationAction.schema)
    }

    /// What any operation does on the way back; `nil` when there is no way back.
    func plannedBackwardActions(
        from after: ProjectState, to before: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction]? {
        if let acting = self as? any ActingOperation {
            return try acting.backwardActions(from: after, to: before, at: place)
        }
        return try backwardSteps(
            from: after, to: before, app: place.app, editor: place.editor, in: place.scope
        )?.map(MigrationAction.schema)
    }
}
