import Synchronization

/// The records of the last requests; older ones go.
final class RecordStore: Sendable {
    /// How many there are at most; each keeps at most ``RequestRecord/sizeLimit``.
    static let limit = 50

    /// Shared by all requests; held to add, to look or to copy.
    private let records = Mutex<[RequestRecord]>([])

    func add(_ record: RequestRecord) {
        records.withLock { records in
            records.append(record)
            if records.count > Self.limit { records.removeFirst(records.count - Self.limit) }
        }
    }

    func record(_ id: String) -> RequestRecord? {
        records.withLock { $0.last { $0.id == id } }
    }

    /// The newest first.
    var newest: [RequestRecord] { records.withLock { $0.reversed() } }
}
