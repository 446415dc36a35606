import Synchronization

extension Server {
    /// Whether the server was told to stop, so that nobody should send it more. A server whose process another one takes
    /// the place of is not: others are served at the same address.
    public var isDraining: Bool { hasBegunToDrain.load(ordering: .relaxed) }

    /// Says that the server is about to stop, and goes on for ``ServerSettings/drainDelay``, so that a load balancer that
    /// asks for its health sends no more.
    ///
    /// Ends early when the task is cancelled.
    func drain() async {
        beginDraining()
        guard settings.drainDelay > .zero else { return }
        events(
            ServerEvent(
                kind: .draining, message: "Serving for \(settings.drainDelay) more, so that nobody sends requests."))
        try? await Task.sleep(for: settings.drainDelay)
    }

    func beginDraining() { hasBegunToDrain.store(true, ordering: .relaxed) }
}
