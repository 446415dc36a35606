internal import CMartletSignals
internal import Glibc

/// What of a log is not written yet: two halves of memory outside of Swift's, so that a signal handler can write it too.
///
/// Its calls come from one filling thread at a time and one writing thread at a time, which ``LogQueue`` sees to.
final class LogTail: Sendable {
    /// An address, since pointers are not `Sendable`; the memory belongs to this object alone.
    private let address: UInt

    /// What a record needs besides its own bytes, at most.
    static let recordOverhead = 8

    /// The bytes that each half holds.
    let capacity: Int

    private var tail: OpaquePointer {
        // Made of a pointer that was not null, in the initializer.
        OpaquePointer(bitPattern: address).unsafelyUnwrapped
    }

    /// Makes a tail.
    ///
    /// - Parameters:
    ///   - capacity: The bytes that each half holds; the system gives memory as it is used.
    ///   - hasRecords: Whether each record is sent by itself, as datagrams are, and not many lines at once.
    init(capacity: Int, hasRecords: Bool) {
        // Only address space is asked for here; a process without any cannot log, nor do anything else.
        guard let tail = martlet_log_tail_make(max(capacity, 0), hasRecords) else {
            // Not reachable from input: the capacity is a setting of the program.
            fatalError("There is no address space for a log of \(capacity) bytes; give it a smaller capacity.")
        }
        address = UInt(bitPattern: tail)
        self.capacity = max(capacity, 0)
    }

    deinit { martlet_log_tail_free(tail) }

    /// Where to write; -1 for nowhere.
    var descriptor: Int32 {
        get { martlet_log_tail_descriptor(tail) }
        // The C side keeps it atomically, since handlers read it.
        set { martlet_log_tail_set_descriptor(tail, newValue) }
    }

    /// Adds a line or record to the half that is filled; `false` when it does not fit.
    func append(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { martlet_log_tail_append(tail, $0.baseAddress, $0.count) }
    }

    /// Adds a line or record to the half that is written.
    func appendBehind(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { martlet_log_tail_append_behind(tail, $0.baseAddress, $0.count) }
    }

    /// Changes the halves, when the one that is written is empty and the other is not.
    func turn() -> Bool { martlet_log_tail_turn(tail) }

    /// Whether anything waits in the half that is filled.
    var canTurn: Bool { martlet_log_tail_can_turn(tail) }

    /// Whether anything waits in the half that is written.
    var hasMore: Bool { martlet_log_tail_left(tail) > 0 }

    /// What a write came to.
    enum Progress {
        /// Bytes were taken.
        case wrote
        /// Nothing was to do, or the program is ending and its last lines are written elsewhere.
        case idle
        /// The system has refused, by an `errno`.
        case failed(Int32)
    }

    /// Writes what one call of the system takes.
    func write() -> Progress {
        let count = martlet_log_tail_write(tail)
        return count > 0 ? .wrote : count == 0 ? .idle : .failed(errno)
    }

    /// Makes a record that was sent in part begin anew.
    func rewind() { martlet_log_tail_rewind(tail) }

    /// Gives up the half that is written.
    ///
    /// - Returns: How many lines or records it had.
    func discard() -> Int { martlet_log_tail_discard(tail) }

    /// Gives up the first record of that half.
    func discardRecord() { _ = martlet_log_tail_discard_record(tail) }

    /// Has it written when the program ends, by `exit` or a fatal signal. The tail must live as long as the program.
    ///
    /// - Returns: 0, or an `errno`.
    func watch() -> Int32 { martlet_log_tail_watch(tail) }
}
