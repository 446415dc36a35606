import MartletORM

extension MigrationExecutor {
    /// Runs an operation while no other process migrates the database.
    func exclusively<Result: Sendable>(
        _ options: MigrationOptions, _ progress: @escaping @Sendable (MigrationEvent) -> Void,
        _ operation: @Sendable () async throws -> Result
    ) async throws -> Result {
        let lock = try await takeLock(options, progress)
        do {
            let result = try await operation()
            await lock.release()
            return result
        } catch {
            await lock.release()
            throw error
        }
    }

    /// Asks for the lock until it is there: a statement that waited for it could stand in the way of the one that has it.
    private func takeLock(
        _ options: MigrationOptions, _ progress: @escaping @Sendable (MigrationEvent) -> Void
    ) async throws -> any MigrationLock {
        let deadline = ContinuousClock.now + options.lockTimeout
        var isTold = false
        while true {
            if let lock = try await editor.migrationLock(on: database) { return lock }
            guard ContinuousClock.now < deadline else {
                throw MigrationError(
                    .locked, "Another process has been migrating this database for \(options.lockTimeout).",
                    "Look what it waits for, or stop it, and migrate again.")
            }
            if !isTold { progress(.waiting) }
            isTold = true
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
