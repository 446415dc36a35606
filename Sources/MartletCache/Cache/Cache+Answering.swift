extension Cache {
    /// Asks the back end for a key that nobody has; to ``get(_:as:)`` one that is down is a miss.
    ///
    /// - Throws: ``CacheError/unavailable(reason:)``.
    package func answer() async throws(CacheError) { _ = try await backend.get("martlet:ready") }
}
