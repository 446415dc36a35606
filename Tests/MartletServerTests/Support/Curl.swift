import MartletIO
import TestPrograms

/// The curl of the system, which knows HTTP from somebody else.
struct Curl {
    let address: SocketAddress

    /// Sends a request.
    ///
    /// - Returns: What the server has answered, as text.
    func send(_ arguments: [String], to path: String) async throws -> String {
        try await Program.run("curl", ["-sS", "--max-time", "60"] + arguments + ["http://\(address)\(path)"]).output
    }
}
