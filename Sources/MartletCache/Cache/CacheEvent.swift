/// A command that a cache has carried out, as tracing and debug tools see it.
public struct CacheEvent: Sendable {
    /// The command, such as `get` or `set_many`. The keys are not told: they may hold what users have typed.
    public let command: String
    /// How long it took.
    public let duration: Duration
    /// What went wrong; `nil` when nothing did.
    public let error: CacheError?
}

extension Cache {
    /// Carries out a command, and tells of it.
    func telling<Value: Sendable>(
        _ observer: @Sendable (CacheEvent) -> Void, _ command: String,
        _ work: () async throws(CacheError) -> Value
    ) async throws(CacheError) -> Value {
        let start = ContinuousClock.now
        do throws(CacheError) {
            let value = try await work()
            observer(CacheEvent(command: command, duration: start.duration(to: .now), error: nil))
            return value
        } catch {
            observer(CacheEvent(command: command, duration: start.duration(to: .now), error: error))
            throw error
        }
    }
}
