import MartletORM

extension SQLiteSchemaEditor {
    /// The constraint that keeps other values than the column's out, where the dialect asks for it.
    ///
    /// What SQLite's own `STRICT` tables do, without giving up the types that Django's tables have: `varchar(50)`,
    /// `datetime` and `bool` are none of the five that those allow.
    func storageCheck(of column: ColumnLayout) -> [String] {
        guard dialect.checksStorage, let classes = StorageClass.classes(of: column.kind) else { return [] }
        // SQLite itself keeps a primary key that counts up to whole numbers.
        if column.kind == .auto { return [] }
        return ["CHECK (\(StorageClass.condition(on: quoted(column.name), classes, null: column.isNull)))"]
    }
}
