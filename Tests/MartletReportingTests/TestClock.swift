import Foundation
import Synchronization

/// A clock that stands still until it is told to go on.
final class TestClock: Sendable {
    private let seconds = Mutex<Double>(1_000_000)
    var now: Date { seconds.withLock { Date(timeIntervalSince1970: $0) } }
    func advance(by interval: Double) { seconds.withLock { $0 += interval } }
}
