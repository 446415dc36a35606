/// A table as it is made in a database: what a model, or a many-to-many field, comes down to.
public struct TableLayout: Sendable, Hashable {
    /// The table's name.
    public var name: String

    /// The columns, in order.
    public var columns: [ColumnLayout]

    /// The indexes, unique ones over several columns among them.
    public var indexes: [IndexLayout]

    /// The constraints beyond those of single columns.
    public var constraints: [ConstraintLayout]

    /// What the database says about the table.
    public var comment: String?

    /// Makes a layout.
    public init(
        name: String, columns: [ColumnLayout], indexes: [IndexLayout] = [], constraints: [ConstraintLayout] = [],
        comment: String? = nil
    ) {
        self.name = name
        self.columns = columns
        self.indexes = indexes
        self.constraints = constraints
        self.comment = comment
    }

    /// The column of that name.
    public func column(_ name: String) -> ColumnLayout? { columns.first { $0.name == name } }
}

/// A column of a table.
public struct ColumnLayout: Sendable, Hashable {
    /// A column of another table that holds the same values.
    public struct Reference: Sendable, Hashable {
        /// The other table.
        public var table: String
        /// Its primary key.
        public var column: String

        /// Makes a reference.
        public init(table: String, column: String) {
            self.table = table
            self.column = column
        }
    }

    /// The column's name.
    public var name: String

    /// What is stored; never a relation, and plain `char` for every kind of short text.
    public var kind: FieldKind

    /// Whether it may be null.
    public var isNull: Bool

    /// Whether it identifies a row.
    public var isPrimaryKey: Bool

    /// Whether no two rows may have the same value.
    public var isUnique: Bool

    /// The column it refers to, if it is a foreign key.
    public var reference: Reference?

    /// What rows get that are inserted without a value.
    public var databaseDefault: SchemaExpression?

    /// What the column is computed from; its fields are columns of the table.
    public var generated: GeneratedColumn?

    /// What the database says about the column.
    public var comment: String?

    /// Makes a column.
    public init(
        _ name: String, _ kind: FieldKind, null: Bool = false, primaryKey: Bool = false, unique: Bool = false,
        references reference: Reference? = nil
    ) {
        self.name = name
        self.kind = kind
        isNull = null
        isPrimaryKey = primaryKey
        isUnique = unique
        self.reference = reference
    }
}

/// A table before and after a change.
public struct TableChange: Sendable, Hashable {
    /// The table as it is.
    public var before: TableLayout

    /// The table as it shall be; another name renames it.
    public var after: TableLayout

    /// Columns that keep their values under another name: the new name, and the old one.
    public var renamedColumns: [String: String]

    /// What existing rows get in a column that is new, or no longer null.
    public var fills: [String: FieldDefault]

    /// Whether indexes are made and dropped while others write to the table, where the database can do that; outside of
    /// a transaction.
    public var isConcurrent = false

    /// Constraints that are added without checking the rows there are, where the database can do that.
    public var unvalidated: Set<String> = []

    /// Makes a change.
    public init(
        from before: TableLayout, to after: TableLayout, renamedColumns: [String: String] = [:],
        fills: [String: FieldDefault] = [:]
    ) {
        self.before = before
        self.after = after
        self.renamedColumns = renamedColumns
        self.fills = fills
    }

    /// The column that a column's values come from.
    public func source(of column: ColumnLayout) -> ColumnLayout? {
        before.column(renamedColumns[column.name] ?? column.name)
    }
}
