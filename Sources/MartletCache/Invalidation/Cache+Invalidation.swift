public import MartletORM

extension Cache {
    /// A hook that removes what was made of a row, when the row is saved or deleted and that is committed.
    ///
    /// ```swift
    /// let hooks = Hooks(
    ///     Cache.invalidate(on: Post.self) { post in [CacheKey("blog", "post", post.id, "body"), "tag-cloud"] }
    /// )
    /// ```
    ///
    /// In a transaction it waits for the commit; what is rolled back leaves the cache as it is. Removed from the cache of
    /// the task's site. `update`, `createMany` and `updateMany` call no hooks; see ``MartletORM/Hook``.
    ///
    /// - Parameter keys: What depends on the row, as it is stored now.
    public static func invalidate<M: Model>(
        on model: M.Type, _ keys: @escaping @Sendable (M) -> [CacheKey]
    ) -> Hook {
        hook(model, keys) { Cache.current }
    }

    /// The same for this cache.
    public func invalidate<M: Model>(on model: M.Type, _ keys: @escaping @Sendable (M) -> [CacheKey]) -> Hook {
        Self.hook(model, keys) { self }
    }

    private static func hook<M: Model>(
        _ model: M.Type, _ keys: @escaping @Sendable (M) -> [CacheKey], _ cache: @escaping @Sendable () -> Cache
    ) -> Hook {
        .all(
            .afterSave(model) { row, _ in try await cache().removeAfterCommit(keys(row)) },
            .afterDelete(model) { row, _ in try await cache().removeAfterCommit(keys(row)) })
    }

    private func removeAfterCommit(_ keys: [CacheKey]) async throws {
        guard isInTransaction() else { return try await deleteMany(keys) }
        // A key that cannot be used must not keep the other hooks from running: the rows are committed.
        afterCommit(robust: true) { try await deleteMany(keys) }
    }
}
