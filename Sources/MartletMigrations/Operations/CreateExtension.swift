import MartletORM

/// Makes an extension of PostgreSQL usable in the database; other databases have none, and it does nothing there.
///
/// ```swift
/// CreateExtension("pg_trgm")
/// ```
///
/// Undone, the extension goes, which fails while a table needs it.
///
/// Source: [Django, `CreateExtension`](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#createextension).
public struct CreateExtension: MigrationOperation {
    /// The extension's name.
    public let name: String

    /// Makes the operation.
    ///
    /// - Parameter name: As `CREATE EXTENSION` has it: letters, digits, `_` and `-`.
    public init(_ name: String) {
        self.name = name
    }

    /// `Creates extension pg_trgm`.
    public var description: String { "Creates extension \(name)" }

    /// `create_extension_pg_trgm`.
    public var nameFragment: String? { "create_extension_\(name.lowercased())" }

    /// Leaves the models alone.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }) else {
            throw MigrationError(
                .state, "'\(name)' cannot be the name of an extension.", "Use letters, digits, '_' and '-'.")
        }
    }
}

extension CreateExtension: ActingOperation {
    func actions(
        from before: ProjectState, to after: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction] {
        place.runsOwnWork ? place.editor.createExtension(name).map(MigrationAction.schema) : []
    }

    func backwardActions(
        from after: ProjectState, to before: ProjectState, at place: OperationPlace
    ) throws(MigrationError) -> [MigrationAction]? {
        place.runsOwnWork ? place.editor.dropExtension(name).map(MigrationAction.schema) : []
    }
}
