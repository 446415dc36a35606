/// A table as it was found in a database.
public struct InspectedTable: Sendable, Hashable {
    /// A reference of a column to another table.
    public struct Reference: Sendable, Hashable {
        /// The column.
        public var column: String
        /// The other table.
        public var table: String
        /// The other table's column.
        public var target: String

        /// Makes a reference.
        public init(column: String, table: String, target: String) {
            self.column = column
            self.table = table
            self.target = target
        }
    }

    /// The table's name.
    public var name: String
    /// Whether it is a view.
    public var isView: Bool
    /// The columns, in order.
    public var columns: [InspectedColumn]
    /// The columns of the primary key.
    public var primaryKey: [String] = []
    /// Groups of columns whose values are unique, without the primary key; sorted by their names.
    public var unique: [[String]] = []
    /// Columns with an index of their own.
    public var indexed: Set<String> = []
    /// The references to other tables that consist of one column.
    public var references: [Reference] = []
    /// The conditions of its checks, as the database tells them.
    public var checks: [String] = []
    /// What else the database has for the table, in its own words: conditions on several rows, references of several
    /// columns, indexes of several columns, of expressions, of some rows or of another kind than a plain one.
    public var others: [String] = []
    /// What the database says about the table.
    public var comment: String?

    /// Makes a description.
    public init(name: String, isView: Bool, columns: [InspectedColumn]) {
        self.name = name
        self.isView = isView
        self.columns = columns
    }

    /// Puts groups into an order that does not depend on names of constraints.
    package mutating func sortGroups() {
        unique.sort { $0.lexicographicallyPrecedes($1) }
        references.sort { $0.column < $1.column }
    }
}

/// A column as it was found in a database.
public struct InspectedColumn: Sendable, Hashable {
    /// The column's name.
    public var name: String
    /// Its type, in lower case and in the database's words, such as `varchar(50)`; each `[]` behind it is one dimension
    /// of an array.
    public var type: String
    /// Whether it may be null.
    public var isNull: Bool
    /// Whether the database counts it up.
    public var isIdentity: Bool
    /// Whether the database computes it.
    public var isGenerated: Bool
    /// What the database says about the column.
    public var comment: String?

    /// Makes a description.
    public init(
        _ name: String, _ type: String, null: Bool, identity: Bool = false, generated: Bool = false,
        comment: String? = nil
    ) {
        self.name = name
        self.type = type
        isNull = null
        isIdentity = identity
        isGenerated = generated
        self.comment = comment
    }
}
