import MartletSessions
import Synchronization

/// Takes a session out of its view.
final class Kept: Sendable {
    private let kept = Mutex<RequestSession?>(nil)

    var session: RequestSession? {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}
