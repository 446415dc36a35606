import Glibc
import MartletSite
import Synchronization

/// Where lines are printed: a terminal, a full disk, a reader that has gone.
package final class StandardOutput: Sendable {
    private let descriptor: Int32
    /// The number of the system's error; commands print from several tasks.
    private let failure = Mutex<Int32?>(nil)

    /// Prints to an open file of the process.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes a line, unless an earlier one could not be written: what has holes is worse than what ends early.
    package func print(_ line: String) {
        failure.withLock { failure in
            if failure == nil { failure = StandardStreams.write(line + "\n", to: descriptor) }
        }
    }

    /// Why not all that was printed has been written; `nil` when it has.
    package var problem: String? {
        failure.withLock { $0 }.map { "The output could not be written to its end: \(String(cString: strerror($0)))." }
    }

    /// The status with which a command ends: one that has lost output has not done its work.
    ///
    /// - Parameter report: Takes what went wrong.
    package func status(of status: Int32, report: (String) -> Void) -> Int32 {
        guard let problem else { return status }
        report("manage: \(problem)")
        return status == 0 ? 1 : status
    }
}
