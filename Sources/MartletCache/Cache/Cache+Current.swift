extension Cache {
    /// The cache of the current task's site; outside of one, a cache that keeps nothing.
    @TaskLocal public static var current = Cache(DummyBackend())
}
