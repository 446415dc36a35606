import Synchronization

/// How often something was done, by whatever task.
final class CallCount: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .relaxed) }

    /// - Returns: How often it was done until now, this time among them.
    @discardableResult
    func add() -> Int { number.add(1, ordering: .relaxed).newValue }
}
