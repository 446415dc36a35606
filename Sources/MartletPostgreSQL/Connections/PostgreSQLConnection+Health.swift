import CPostgreSQL
import Glibc
import MartletORM

extension PostgreSQLConnection {
    /// Whether the server has not closed the connection, as far as this system knows.
    ///
    /// The worker that watches the socket may not have had the time to see it, so the system is asked.
    var isConnected: Bool {
        var socket = pollfd(fd: PQsocket(pointer), events: Int16(Self.peerClosed), revents: 0)
        // The flags of an end are told in any case.
        return poll(&socket, 1, 0) == 0
    }

    /// `POLLRDHUP`, which glibc shows only to GNU programs.
    private static let peerClosed: Int32 = 0x2000

    /// Asks the server for nothing, which it answers.
    func answers() async -> Bool {
        do {
            try await inTurn(Statement("SELECT 1")) { PQclear(try await runOnce("SELECT 1")) }
            return true
        } catch {
            return false
        }
    }
}
