import MartletReporting
import Synchronization

/// Keeps what it is told.
final class CollectingReporter: ErrorReporter {
    private let collected = Mutex<[(error: any Error, context: ErrorContext)]>([])

    var reports: [(error: any Error, context: ErrorContext)] { collected.withLock { $0 } }

    func capture(_ error: any Error, _ context: ErrorContext) async {
        collected.withLock { $0.append((error, context)) }
    }
}
