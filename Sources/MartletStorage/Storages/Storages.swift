/// The storages of a site by name, bound to the task as its database is.
///
/// ```swift
/// let storages = Storages(default: LocalStorage(folder: "media"))
/// try await storages.use { try await post.store(bytes, named: "cv.pdf", in: \.attachment) }
/// ```
///
/// Source: [Django, `STORAGES`](https://docs.djangoproject.com/en/5.2/ref/settings/#std-setting-STORAGES).
public struct Storages: Sendable {
    private let storages: [String: any Storage]

    @TaskLocal private static var bound: Storages?

    /// Makes the storages of a site.
    ///
    /// - Parameters:
    ///   - storage: Where files go whose field names no other.
    ///   - others: Further ones, by the names that fields use.
    public init(default storage: any Storage, _ others: [String: any Storage] = [:]) {
        var storages = others
        storages["default"] = storage
        self.storages = storages
    }

    /// The storages of the current task.
    ///
    /// - Throws: ``StorageError`` of kind `notConfigured` outside ``use(isolation:_:)``.
    public static var current: Storages {
        get throws(StorageError) {
            guard let bound else {
                throw StorageError(
                    .notConfigured, "No storage is bound to this task. Run it in `storages.use { … }`.")
            }
            return bound
        }
    }

    /// Runs an operation with these storages; tasks that it starts inherit them.
    public func use<Result>(
        isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async rethrows -> Result {
        try await Storages.$bound.withValue(self, operation: operation, isolation: isolation)
    }

    /// The storage of a name.
    ///
    /// - Throws: ``StorageError`` of kind `notConfigured` where there is none.
    public func storage(named name: String) throws(StorageError) -> any Storage {
        guard let storage = storages[name] else {
            let known = storages.keys.sorted().joined(separator: ", ")
            throw StorageError(.notConfigured, "There is no storage '\(name)'. Name one of: \(known).")
        }
        return storage
    }
}
