import MartletIO
import MartletORM
import Synchronization

/// Lends connections for single statements outside transactions, one connection to several tasks of a worker where that
/// does not hold anybody up.
///
/// A statement joins others only if it is known to be short, and so are those before it: it ran on this connection
/// before, and it and they take a few milliseconds at most. Behind one that writes, and thus may wait for a lock,
/// nobody joins. While somebody waits for a connection of their own, one is shared for a few milliseconds only.
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
    nonisolated(nonsending) func lease(
        for statement: Statement, on worker: Worker
    ) async throws -> any DatabaseConnection {
        let place = ObjectIdentifier(worker)
        let list = list(place)
        if let connection = join(list, statement.sql, worker) { return connection }
        let leased = try await pool.lease(near: place)
        guard let connection = leased as? PostgreSQLConnection, connection.worker === worker, worker.isCurrent,
            let found = connection.statements.find(statement.sql), found.effect(short: short) == .read,
            connection.lane.open({ [pool] connection in
                list.lanes.removeAll { $0 === connection }
                pool.release(connection, home: place)
            })
        else { return leased }
        connection.lane.join(time: found.time ?? 0, isLast: false)
        list.lanes.append(connection)
        return connection
    }

    private func list(_ place: ObjectIdentifier) -> LaneList {
        lists.withLock { lists in
            if let list = lists[place] { return list }
            let list = LaneList()
            lists[place] = list
            return list
        }
    }

    private func join(_ list: LaneList, _ sql: String, _ worker: Worker) -> PostgreSQLConnection? {
        guard !list.lanes.isEmpty else { return nil }
        let hasWaiters = pool.hasWaiters
        for connection in list.lanes {
            guard connection.lane.takes(most: most, short: short, now: worker.now, hasWaiters: hasWaiters),
                let found = connection.statements.find(sql)
            else { continue }
            let effect = found.effect(short: short)
            guard effect != .other else { continue }
            connection.lane.join(time: found.time ?? 0, isLast: effect == .write)
            return connection
        }
        return nil
    }
}

/// The connections that tasks of one worker share.
// @unchecked: used on that worker only.
private final class LaneList: @unchecked Sendable {
    var lanes: [PostgreSQLConnection] = []
}
