extension Database {
    /// What queries of the current task go to.
    struct Ambient: Sendable {
        let database: Database
        /// The transactions of the task, the innermost last, at most one a database.
        var open: [OpenTransaction] = []
        /// Which database of several a query goes to; `nil` where there is only one.
        var routing: Routing?

        /// The innermost transaction, or the one on a database.
        func innermost(on alias: DatabaseAlias?) -> Transaction? {
            guard let alias else { return open.last { $0.transaction.isOpen }?.transaction }
            let database = try? Database.current(alias)
            return open.last { $0.database === database }?.transaction
        }
    }

    /// A transaction that the task is in.
    struct OpenTransaction: Sendable {
        let database: Database
        let transaction: Transaction
        /// How deep in nested transactions the task is.
        let level: Int
    }

    /// The transaction the current task has open on this database.
    var openEntry: OpenTransaction? {
        guard let ambient = Database.ambient, !ambient.open.isEmpty,
            let entry = ambient.open.last(where: { $0.database === self })
        else { return nil }
        // A task that was started in a transaction and has outlived it goes on without.
        return entry.transaction.isOpen ? entry : nil
    }

    /// The transaction the current task has open on this database.
    var openTransaction: Transaction? { openEntry?.transaction }

    /// Whether the current task is in a transaction on this database.
    package var isInTransaction: Bool { openEntry != nil }

    /// What is bound inside a transaction.
    func ambient(with transaction: Transaction, level: Int) -> Ambient {
        var ambient = Database.ambient ?? Ambient(database: self)
        ambient.open.removeAll { $0.database === self || !$0.transaction.isOpen }
        ambient.open.append(OpenTransaction(database: self, transaction: transaction, level: level))
        return ambient
    }
}
