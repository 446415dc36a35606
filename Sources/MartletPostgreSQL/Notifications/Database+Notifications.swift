import CPostgreSQL
import MartletIO
public import MartletORM
import Synchronization

/// A message of PostgreSQL's `NOTIFY`.
public struct DatabaseNotification: Sendable, Hashable {
    /// The channel it came on.
    public let channel: String
    /// What was sent with it; empty when nothing was.
    public let payload: String
    /// The number of the server's process that has sent it.
    public let process: Int
    /// Whether messages may have been missed before this one, as the connection was lost: then it is no message itself.
    /// Whoever keeps something up to date by messages reads it anew.
    public let isGap: Bool
}

extension Database {
    /// The messages that are sent on a channel, from the start of the loop until its end.
    ///
    /// ```swift
    /// for try await message in try database.notifications(on: "posts") {
    ///     await pages.forget(message.payload)
    /// }
    /// ```
    ///
    /// A loop has a connection of its own, beside those of the pool, which is closed when the loop ends or its task is
    /// cancelled. A connection that is lost is opened anew, and a ``DatabaseNotification/isGap`` tells of it. Messages
    /// that nobody takes wait in the server, not in this process; for a bounded time only, so take them.
    ///
    /// Behind PgBouncer with `pool_mode = transaction` there are no messages: listen past it.
    ///
    /// - Throws: ``MartletORM/ORMError/invalidQuery(_:)`` for a channel without a name, one longer than 63 bytes, or
    ///   another database.
    ///
    /// Source: [PostgreSQL, LISTEN](https://www.postgresql.org/docs/current/sql-listen.html).
    public func notifications(on channel: String) throws -> DatabaseNotifications {
        try Self.checkChannel(channel)
        guard let backend = backend as? PostgreSQLBackend else {
            throw ORMError.invalidQuery("Only PostgreSQL sends notifications.")
        }
        return DatabaseNotifications(channel: channel) { try await backend.openBesidePool() }
    }

    /// Sends a message to all who listen on a channel; in a transaction, when that commits.
    ///
    /// - Parameters:
    ///   - channel: Of up to 63 bytes.
    ///   - payload: Of fewer than 8,000 bytes.
    /// - Throws: ``MartletORM/DatabaseError``; ``MartletORM/ORMError/invalidQuery(_:)`` for such a channel, or on another
    ///   database.
    public func notify(_ channel: String, _ payload: String = "") async throws {
        try Self.checkChannel(channel)
        guard backend is PostgreSQLBackend else { throw ORMError.invalidQuery("Only PostgreSQL sends notifications.") }
        _ = try await rows(
            Statement("SELECT pg_notify($1, $2)", [.text(channel), .text(payload)]), access: .write
        ) { _ in () }
    }

    private static func checkChannel(_ channel: String) throws(ORMError) {
        guard (1...63).contains(channel.utf8.count), !channel.utf8.contains(0) else {
            throw .invalidQuery(
                "A channel's name has 1 to 63 bytes, none of them zero; '\(channel.prefix(70))' has "
                    + "\(channel.utf8.count).")
        }
    }
}

/// The messages on a channel: an asynchronous sequence that ends only with the loop.
public struct DatabaseNotifications: AsyncSequence, Sendable {
    /// A message.
    public typealias Element = DatabaseNotification
    /// What listening throws.
    public typealias Failure = any Error

    let channel: String
    let open: @Sendable () async throws -> PostgreSQLConnection

    /// Begins a loop; the server is told with the first message that is asked for.
    public func makeAsyncIterator() -> Iterator {
        Iterator(listener: Listener(channel: channel, open: open))
    }

    /// The place of one loop.
    public struct Iterator: AsyncIteratorProtocol {
        /// A message.
        public typealias Element = DatabaseNotification
        /// What listening throws.
        public typealias Failure = any Error

        fileprivate let listener: Listener

        /// The next message, however long it takes.
        ///
        /// - Throws: ``MartletORM/DatabaseError`` when the first connection cannot be opened; `CancellationError`.
        public mutating func next() async throws -> DatabaseNotification? { try await listener.next() }

        /// The next message, however long it takes.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> DatabaseNotification? {
            try await listener.next()
        }

        /// Has the server told now, so that no message is missed that is sent from here on.
        ///
        /// - Throws: ``MartletORM/DatabaseError``.
        public mutating func start() async throws { try await listener.start() }
    }
}

/// Listens over one connection after the other.
private final class Listener: Sendable {
    private let channel: String
    private let open: @Sendable () async throws -> PostgreSQLConnection
    /// Used by one loop; guarded, as its task may move between threads.
    private let connection = Mutex<PostgreSQLConnection?>(nil)

    /// How long to wait before another try to connect; the last one repeats.
    private static let pauses: [Duration] = [.zero, .milliseconds(100), .milliseconds(500), .seconds(2), .seconds(5)]

    init(channel: String, open: @escaping @Sendable () async throws -> PostgreSQLConnection) {
        self.channel = channel
        self.open = open
    }

    func start() async throws {
        if connection.withLock({ $0 != nil }) { return }
        let opened = try await open()
        _ = try await opened.execute(Statement("LISTEN " + PostgreSQLDialect().quoted(channel)))
        connection.withLock { $0 = opened }
    }

    func next() async throws -> DatabaseNotification? {
        try await start()
        guard let current = connection.withLock({ $0 }) else { return nil }
        do {
            return try await current.nextNotification()
        } catch let error as DatabaseError where error.kind == .connection {
            connection.withLock { $0 = nil }
            try await restart()
            return DatabaseNotification(channel: channel, payload: "", process: 0, isGap: true)
        }
    }

    /// Connects again, however long the server is away.
    private func restart() async throws {
        var tries = 0
        while true {
            try await Task.sleep(for: Self.pauses[min(tries, Self.pauses.count - 1)])
            tries += 1
            do {
                return try await start()
            } catch let error as DatabaseError where error.kind == .connection || error.kind == .tooManyConnections {
                try Task.checkCancellation()
            }
        }
    }
}

extension PostgreSQLConnection {
    /// Waits for a message.
    func nextNotification() async throws -> DatabaseNotification {
        let wake = Wake(connection: self)
        return try await withTaskCancellationHandler {
            try await onWorker {
                while true {
                    try Task.checkCancellation()
                    if let message = takeNotification() { return message }
                    guard try await untilNews() else { throw CancellationError() }
                }
            }
        } onCancel: {
            wake.call()
        }
    }

    private func takeNotification() -> DatabaseNotification? {
        guard let notification = PQnotifies(pointer) else { return nil }
        defer { PQfreemem(notification) }
        return DatabaseNotification(
            channel: String(cString: notification.pointee.relname),
            payload: String(cString: notification.pointee.extra), process: Int(notification.pointee.be_pid),
            isGap: false)
    }

    /// Wakes the task that waits for a message, on the worker where it waits.
    private struct Wake: Sendable {
        let connection: PostgreSQLConnection

        func call() {
            connection.worker.run { [connection] in connection.stopWaiting() }
        }
    }
}
