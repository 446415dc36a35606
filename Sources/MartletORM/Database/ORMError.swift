/// An error of the ORM itself, as opposed to one that the database reports.
public enum ORMError: Error, Sendable, CustomStringConvertible {
    /// A query ran in a task that has no database.
    case noDatabase
    /// A query that must find one row found none.
    case doesNotExist(model: String)
    /// A query that must find one row found several.
    case multipleObjects(model: String)
    /// A relation was read that no query has loaded.
    case notLoaded(relation: String, remedy: String)
    /// A model's table is not described well.
    case invalidTable(model: String, problem: String)
    /// A row cannot be saved because a required reference is not set.
    case missingReference(model: String, field: String)
    /// A row cannot be saved because one that it refers to is not saved.
    case unsavedReference(model: String, field: String)
    /// A row is still referred to by rows whose field protects it.
    case protected(model: String, by: String, count: Int)
    /// A row is still referred to by rows whose field restricts it, and that are not deleted with it.
    case restricted(model: String, by: String, count: Int)
    /// A save that may only update found no row.
    case nothingUpdated(model: String)
    /// A page number that does not exist.
    case noSuchPage(number: Int, pages: Int)
    /// A query asks for what it cannot have, such as a negative limit.
    case invalidQuery(String)
    /// A transaction of which nothing can be kept any more.
    case brokenTransaction(String)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .noDatabase:
            "No database is bound to this task. Run the query in `database.use { … }`; "
                + "requests, commands and tests with the `.database` trait do that themselves."
        case .doesNotExist(let model):
            "No \(model) matches the query."
        case .multipleObjects(let model):
            "More than one \(model) matches a query that must find one. Filter by a unique field, or use `first()`."
        case .notLoaded(let relation, let remedy):
            "'\(relation)' was not loaded, and reading it never queries. Add \(remedy) to the query."
        case .invalidTable(let model, let problem):
            "The table of \(model) is not valid: \(problem)"
        case .missingReference(let model, let field):
            "'\(model).\(field)' is required and refers to no row. Set it before saving."
        case .unsavedReference(let model, let field):
            "'\(model).\(field)' refers to a row that has no id yet. Save that one first, and set the reference again."
        case .protected(let model, let by, let count):
            "The \(model) cannot be deleted: \(count) rows refer to it by '\(by)', which is protected. "
                + "Delete or change those first."
        case .restricted(let model, let by, let count):
            "The \(model) cannot be deleted: \(count) rows refer to it by '\(by)', which restricts it, and are not "
                + "deleted with it. Delete or change those first."
        case .nothingUpdated(let model):
            "No row has the id of this \(model), and the save may not insert one. Use `save()` to insert it, or look "
                + "whether somebody has deleted it."
        case .noSuchPage(let number, let pages):
            "There is no page \(number); the last one is \(pages)."
        case .invalidQuery(let problem):
            problem
        case .brokenTransaction(let problem):
            problem
        }
    }
}
