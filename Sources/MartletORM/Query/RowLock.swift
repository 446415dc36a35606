/// How the rows of a query are locked until the transaction ends.
struct RowLock: Sendable {
    /// What is done about rows that another transaction has locked.
    enum Wait: Sendable {
        case untilFree
        case fail
        case skip
    }

    var wait = Wait.untilFree
    /// Whether rows may go on being referred to by new ones.
    var isWeak = false
    /// The tables whose rows are locked; `nil` for that of the query and those of the relations that are read with it.
    var targets: [[Relation]]?
}

extension QuerySet {
    /// Locks the rows until the transaction ends: others wait before they change or lock them.
    ///
    /// ```swift
    /// try await transaction {
    ///     let job = try await Job.objects.filter { $0.state == .waiting }
    ///         .selectForUpdate(skipLocked: true).order { $0.id.ascending }.first()
    /// }
    /// ```
    ///
    /// Locked are the rows of the query and those of `selectRelated` that cannot be missing; a join to a row that can is
    /// one that PostgreSQL does not lock. On SQLite nothing is added: a transaction there is the only one that writes.
    ///
    /// SQL: `… FOR NO KEY UPDATE OF blog_post SKIP LOCKED`.
    ///
    /// - Parameters:
    ///   - skipLocked: Leaves out rows that are locked, instead of waiting.
    ///   - noWait: Fails with ``DatabaseError/Kind/busy`` where a row is locked, instead of waiting.
    ///   - noKey: Lets others insert rows that refer to the locked ones.
    /// - Throws: When it runs, ``ORMError/invalidQuery(_:)`` outside a transaction, on every database.
    ///
    /// Source: [Django, `select_for_update`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#select-for-update).
    public func selectForUpdate(skipLocked: Bool = false, noWait: Bool = false, noKey: Bool = false) -> Self {
        locked(skipLocked, noWait, noKey, nil)
    }

    /// Locks the rows of some of the tables: `selectForUpdate(of: { [$0, $0.author] })`; see
    /// ``selectForUpdate(skipLocked:noWait:noKey:)``.
    ///
    /// - Parameter targets: `$0` for the query's own rows, and relations to one row that can not be missing.
    public func selectForUpdate(
        skipLocked: Bool = false, noWait: Bool = false, noKey: Bool = false,
        of targets: (Columns<M>) -> [any ColumnScope]
    ) -> Self {
        locked(skipLocked, noWait, noKey, targets(Columns()).map(\.path))
    }

    private func locked(_ skipLocked: Bool, _ noWait: Bool, _ noKey: Bool, _ targets: [RelationPath]?) -> Self {
        with { query in
            query.lock = RowLock(
                wait: skipLocked ? .skip : noWait ? .fail : .untilFree, isWeak: noKey,
                targets: targets?.map(\.relations))
            if skipLocked && noWait {
                query.problem = .invalidQuery(
                    "selectForUpdate cannot both fail at rows that are locked and leave them out. "
                        + "Choose `skipLocked:` or `noWait:`.")
            }
            for case let unknown? in (targets ?? []).map(\.unknown) {
                query.problem = .invalidQuery(
                    "'\(unknown.property)' is not a relation of \(unknown.model). Add it to the model's table.")
            }
            if targets?.contains(where: { $0.relations.contains { $0.isMultiple || $0.isNullable } }) == true {
                query.problem = .invalidQuery(
                    "selectForUpdate(of:) names a relation whose row may be missing, which a database does not lock. "
                        + "Name the query's own rows, or relations that are required.")
            }
        }
    }
}
