import MartletIO
import MartletORM
import Synchronization

/// Lends connections for single statements outside transactions, one connection to several tasks of a worker where that
/// does not hold anybody up.
///
/// A statement joins others only if it is known to be short, and so are those before it: it ran on this connection
/// before, and it and they take a few milliseconds at most. Behind one that writes, and thus may wait for a lock, nobody
/// joins. While somebody waits for a connection of their own, nobody joins either, so that one comes free soon.
final class SharedConnections: Sendable {
    private let pool: LeaseQueue
    private let most: Int
    /// In nanoseconds.
    private let short: UInt64

    /// The connections that are shared, by worker. Shared by all; held only to find the list of a worker.
    private let lists = Mutex<[ObjectIdentifier: LaneList]>([:])

    init(_ pool: LeaseQueue, most: Int, short: Duration) {
        self.pool = pool
        self.most = most
        self.short = short.wholeNanoseconds
    }

    /// Takes a connection for a statement; on the worker.
    func lease(for statement: Statement, on worker: Worker) async throws -> any DatabaseConnection {
        let place = ObjectIdentifier(worker)
        let list = lists.withLock { lists in
            if let list = lists[place] { return list }
            let list = LaneList()
            lists[place] = list
            return list
        }
        if let connection = join(list, statement.sql, worker) { return connection }
        let leased = try await pool.lease(near: place)
        guard let connection = leased as? PostgreSQLConnection, connection.worker === worker, worker.isCurrent,
            connection.statements.find(statement.sql)?.effect(short: short) == .read
        else { return leased }
        guard
            connection.lane.open({ [pool] connection in
                list.lanes.removeAll { $0 === connection }
                pool.release(connection, home: place)
            })
        else { return connection }
        connection.lane.join(isLast: false)
        list.lanes.append(connection)
        return connection
    }

    private func join(_ list: LaneList, _ sql: String, _ worker: Worker) -> PostgreSQLConnection? {
        for connection in list.lanes where connection.lane.takes(most: most, short: short, now: worker.now) {
            switch connection.statements.find(sql)?.effect(short: short) {
            case .read?:
                if pool.hasWaiters { return nil }
                connection.lane.join(isLast: false)
                return connection
            case .write?:
                if pool.hasWaiters { return nil }
                connection.lane.join(isLast: true)
                return connection
            default: continue
            }
        }
        return nil
    }
}

/// The connections that tasks of one worker share.
// @unchecked: used on that worker only.
private final class LaneList: @unchecked Sendable {
    var lanes: [PostgreSQLConnection] = []
}
