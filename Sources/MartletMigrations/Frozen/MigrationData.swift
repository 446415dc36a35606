public import MartletORM

/// What the code of a ``RunSwift`` works with: the database, and the models as they were at that point of the history.
public struct MigrationData: Sendable {
    /// The models that are known when the code runs, and the app it belongs to.
    struct Models: Sendable {
        let state: ProjectState
        let app: String
    }

    /// The database, in the migration's transaction.
    public let database: Database

    let models: Models
    /// Told how many of how many rows of a model are done.
    let report: @Sendable (ModelName, Int, Int) -> Void

    /// The rows of a model.
    ///
    /// - Parameter name: `Post` for one of the migration's own app, `accounts.User` for another's.
    /// - Throws: ``MigrationError`` of kind `state` when there is no such model at this point.
    public func model(_ name: String) throws(MigrationError) -> FrozenModel {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        let full = parts.count == 2 ? ModelName(app: parts[0], name: parts[1]) : ModelName(app: models.app, name: name)
        guard let schema = models.state.model(full) else {
            let known = models.state.models.map { "\($0.name)" }.joined(separator: ", ")
            throw MigrationError(
                .state, "There is no model '\(full)' at this point.",
                "Models are: \(known). Those of other apps need one of their migrations among the dependencies.")
        }
        return try FrozenModel(schema, in: models.state, database: database, report: report)
    }
}
