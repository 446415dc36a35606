extension SQLCompiler {
    /// ` FOR UPDATE OF blog_post SKIP LOCKED`; nothing where the database locks by itself.
    ///
    /// Asked for before `FROM` is written, since a table that is locked must be joined.
    mutating func lockClause(_ query: SelectQuery, in scope: inout Scope) throws(ORMError) -> String {
        guard let lock = query.lock, dialect.locksRows else { return "" }
        guard !query.isDistinct else {
            throw .invalidQuery(
                "selectForUpdate locks rows, and `distinct()` returns what may stand for several. "
                    + "Lock them by their keys: `filter { $0.id.in(query) { $0.id } }.selectForUpdate()`.")
        }
        let targets = lock.targets ?? [[]] + query.selectRelated.filter { !$0.contains(where: \.isNullable) }
        var names: [String] = []
        for target in targets {
            let name = dialect.quoted(try join(target, in: &scope).alias)
            if !names.contains(name) { names.append(name) }
        }
        let wait =
            switch lock.wait {
            case .untilFree: ""
            case .fail: " NOWAIT"
            case .skip: " SKIP LOCKED"
            }
        return (lock.isWeak ? " FOR NO KEY UPDATE OF " : " FOR UPDATE OF ") + names.joined(separator: ", ") + wait
    }
}

extension SQLCompiler {
    /// The error of a query that locks and groups, numbers or chooses its rows.
    static let lockOfComputedRows = ORMError.invalidQuery(
        "selectForUpdate locks rows, and this query returns what is computed from several. "
            + "Lock them by their keys: `filter { $0.id.in(query) { $0.id } }.selectForUpdate()`.")
}

extension SQLCompiler.Selected {
    /// Whether it stands for rows of the table, which can be locked.
    var areLockable: Bool {
        switch self {
        case .rows, .expressions: true
        case .keys, .aggregates, .text, .columns: false
        }
    }
}

extension SelectQuery {
    /// What a query that reads rows needs the connection for.
    var access: DatabaseAccess { lock == nil ? .read : .write }

    /// Refuses to lock rows where the lock would end with the statement.
    func checkLock(_ database: Database) throws(ORMError) {
        guard lock != nil, database.openTransaction == nil else { return }
        throw .invalidQuery(
            "selectForUpdate locks rows until the end of the transaction, and there is none. "
                + "Put the query and what depends on it into `transaction { … }`.")
    }
}
