/// A command that a cache has carried out, as tracing and debug tools see it.
public struct CacheEvent: Sendable {
    /// The command, such as `get` or `set_many`.
    public let command: String
    /// How long it took.
    public let duration: Duration
    /// What went wrong; `nil` when nothing did.
    public let error: CacheError?
    /// The whole keys, which may hold what users have typed: for a developer's own eyes, and no trace or log.
    package let keys: [String]
    /// How many of the keys were there; `nil` for a command that does not say.
    package let hits: Int?
    /// The kind of the back end.
    package let backend: any CacheBackend.Type
}

extension Cache {
    /// Carries out a command, and tells of it where somebody listens.
    ///
    /// - Parameters:
    ///   - keys: Its keys; asked for only when it is told.
    ///   - hits: How many of them were there.
    func telling<Value: Sendable>(
        _ command: String, _ keys: @autoclosure () -> [String], hits: (Value) -> Int? = { _ in nil },
        _ work: () async throws(CacheError) -> Value
    ) async throws(CacheError) -> Value {
        guard let observer else { return try await work() }
        let start = ContinuousClock.now
        let value: Value
        do throws(CacheError) {
            value = try await work()
        } catch {
            observer(event(command, since: start, error, keys(), nil))
            throw error
        }
        observer(event(command, since: start, nil, keys(), hits(value)))
        return value
    }

    private func event(
        _ command: String, since start: ContinuousClock.Instant, _ error: CacheError?, _ keys: [String], _ hits: Int?
    ) -> CacheEvent {
        CacheEvent(
            command: command, duration: start.duration(to: .now), error: error, keys: keys, hits: hits,
            backend: type(of: backend))
    }
}
