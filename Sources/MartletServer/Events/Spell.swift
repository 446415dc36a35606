package import MartletIO
import Synchronization

/// Tells the first of a row of like happenings from those that follow it: without descriptors there are twenty a second
/// on each worker, and a log needs one.
package final class Spell: Sendable {
    /// When it last happened; shared by the workers, held only to compare.
    private let last = Mutex<Moment?>(nil)

    /// After so much quiet a happening is the first of a new row.
    private static let quiet = Duration.seconds(5)

    package init() {}

    /// Notes a happening.
    ///
    /// - Returns: Whether it is the first of a row.
    package func begins(at now: Moment) -> Bool {
        last.withLock { last in
            let isFirst = last.map { $0 + Self.quiet <= now } ?? true
            // Workers read the clock once a turn, so another one may be ahead.
            last = max(last ?? now, now)
            return isFirst
        }
    }
}
