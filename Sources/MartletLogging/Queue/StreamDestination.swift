internal import Glibc

/// A descriptor that others have opened: standard error, a pipe.
struct StreamDestination: LogDestination {
    let descriptor: Int32

    var hasRecords: Bool { false }

    func write(_ tail: LogTail) -> LogOutcome { tail.writeLines() }
}

extension LogTail {
    /// How long to wait for a descriptor that takes nothing now, before it is looked whether the program is ending.
    private static let wait: Int32 = 1_000  // milliseconds

    /// Writes all lines of the half. A descriptor that is closed or full for good gets nothing more of it.
    func writeLines() -> LogOutcome {
        while hasMore {
            switch write() {
            case .wrote: continue
            case .idle: return .ended
            case .failed(EAGAIN):
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, Self.wait)
            case .failed(let reason): return .lost(discard(), reason)
            }
        }
        return .written
    }
}
