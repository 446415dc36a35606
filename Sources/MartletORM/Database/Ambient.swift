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

    /// Begins a task that is no part of the current one's transactions: it reads what is committed, and an error of its
    /// own spoils nothing but itself.
    ///
    /// The transaction of a test stays, since nobody outside of it has the test's rows.
    package static func outsideOfTransactions(_ begin: () -> Void) {
        guard var ambient, !ambient.open.isEmpty else { return begin() }
        ambient.open = ambient.open.filter(\.transaction.isForTest).map {
            OpenTransaction(database: $0.database, transaction: $0.transaction, level: 0)
        }
        $ambient.withValue(ambient, operation: begin)
    }
}
