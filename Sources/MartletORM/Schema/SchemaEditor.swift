/// How a database makes and changes tables.
///
/// What is to be done is a function of the tables before and after, and needs no database: `sqlmigrate` prints it.
/// Only ``run(_:on:)`` and ``transaction(on:checking:_:)`` act.
public protocol SchemaEditor: Sendable {
    /// The longest name of an index or constraint, in characters.
    var maximumNameLength: Int { get }

    /// Why the database cannot have the table, a sentence each: a kind of field or constraint that it does not know.
    func problems(of table: TableLayout) -> [String]

    /// Makes a table with its indexes.
    func createTable(_ table: TableLayout) -> [SchemaStep]

    /// Removes a table, its rows and its indexes.
    func dropTable(_ table: TableLayout) -> [SchemaStep]

    /// Changes a table and keeps its rows; nothing when both layouts store the same.
    func alterTable(_ change: TableChange) -> [SchemaStep]

    /// Makes an extension of the database usable; nothing where there are none.
    ///
    /// - Parameter name: Letters, digits, `_` and `-`.
    func createExtension(_ name: String) -> [SchemaStep]

    /// Takes an extension out of the database.
    func dropExtension(_ name: String) -> [SchemaStep]

    /// The names of all tables and views.
    func tableNames(in database: Database) async throws -> Set<String>

    /// Carries out a step, inside ``transaction(on:checking:_:)``.
    ///
    /// - Throws: ``DatabaseError``, with the SQL of the statement that failed.
    func run(_ step: SchemaStep, on database: Database) async throws

    /// Runs an operation that changes tables: all of it happens, or nothing.
    ///
    /// - Parameter tables: Tables whose foreign keys are checked before the commit.
    func transaction(
        on database: Database, checking tables: [String], _ operation: @Sendable () async throws -> Void
    ) async throws
}

extension SchemaEditor {
    /// The database has everything.
    public func problems(of table: TableLayout) -> [String] { [] }

    /// The database has no extensions.
    public func createExtension(_ name: String) -> [SchemaStep] { [] }

    /// The database has no extensions.
    public func dropExtension(_ name: String) -> [SchemaStep] { [] }
}

/// Statements that belong together.
public struct SchemaStep: Sendable, Hashable {
    /// A table that is copied into a new one, since the database cannot change it in place.
    public struct Rebuild: Sendable, Hashable {
        /// The table.
        public var table: String
        /// Its indexes that the statements make again; others on it were made by hand and are kept.
        public var indexes: [String]

        /// Makes a description of a rebuild.
        public init(table: String, indexes: [String]) {
            self.table = table
            self.indexes = indexes
        }
    }

    /// The statements, without semicolons.
    public var statements: [String]

    /// The table that they rebuild.
    public var rebuild: Rebuild?

    /// Makes a step.
    public init(_ statements: [String], rebuild: Rebuild? = nil) {
        self.statements = statements
        self.rebuild = rebuild
    }
}
