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

    /// The tables and views there are, as far as models can be made of them.
    func inspectedTables(in database: Database) async throws -> [InspectedTable]

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

    /// Takes the lock that one process at a time may hold on the database, without waiting for it.
    ///
    /// - Returns: The lock, or `nil` while somebody else holds it.
    func migrationLock(on database: Database) async throws -> (any MigrationLock)?

    /// Checks the rows that were there before a constraint was added without checking them; see
    /// ``TableChange/unvalidated``.
    func validateConstraint(_ name: String, on table: String) -> [SchemaStep]

    /// What statements do to the tables that others read and write meanwhile.
    ///
    /// - Parameters:
    ///   - statements: The statements, in order.
    ///   - tables: The tables before the first of them.
    /// - Returns: An effect for each statement; `nil` where the database has but one lock for everything.
    func effects(of statements: [String], on tables: [TableLayout]) -> [StatementEffect]?

    /// The statements that delete the rows of tables which may refer to each other, and let automatic keys begin anew.
    func deleteAllRows(of tables: [String]) -> [String]

    /// The statements that let automatic keys go on behind those that were written by hand.
    func moveCounter(of column: String, in table: String) -> [String]

    /// How many bytes the rows of each table take, without its indexes; empty where nobody waits for a table.
    func tableSizes(in database: Database) async throws -> [String: Int]
}

/// A lock that one process at a time holds; it is given back in any case when the process ends.
public protocol MigrationLock: Sendable {
    /// Gives it back.
    func release() async
}

extension SchemaEditor {
    /// The database has everything.
    public func problems(of table: TableLayout) -> [String] { [] }

    /// Nothing is to be done: the rows were checked when the constraint was added.
    public func validateConstraint(_ name: String, on table: String) -> [SchemaStep] { [] }

    /// The database sees to it itself.
    public func moveCounter(of column: String, in table: String) -> [String] { [] }

    /// The database has one lock for everything, and no need to know.
    public func tableSizes(in database: Database) async throws -> [String: Int] { [:] }

    /// The database has one lock for everything.
    public func effects(of statements: [String], on tables: [TableLayout]) -> [StatementEffect]? { nil }

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

    /// Whether a migration without a transaction runs it outside of any; else it has one of its own.
    public var runsAlone: Bool

    /// Makes a step.
    public init(_ statements: [String], rebuild: Rebuild? = nil, runsAlone: Bool = false) {
        self.statements = statements
        self.rebuild = rebuild
        self.runsAlone = runsAlone
    }
}
