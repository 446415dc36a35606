import FoundationEssentials
import TestPrograms
import Testing

/// The databases that commands are tried on.
enum CommandDatabase: CaseIterable, CustomTestStringConvertible {
    case sqlite
    case postgreSQL

    var testDescription: String { self == .sqlite ? "SQLite" : "PostgreSQL" }

    /// A site with a database of its own, which is empty; one of PostgreSQL goes with the tests' server.
    func makeSite(isMigrated: Bool = true) async throws -> CommandSite {
        guard self == .postgreSQL else { return try CommandSite(isMigrated: isMigrated) }
        return try CommandSite(isMigrated: isMigrated, databaseURL: try await Self.freshPostgreSQL())
    }

    /// The URL of a new database on a PostgreSQL server of the tests' own.
    static func freshPostgreSQL() async throws -> String {
        let server = try PrivateServer.shared.get()
        let name = "command_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        let made = try await Program.run(
            "psql", ["-X", "-h", server.folder, "-U", "martlet", "-d", "postgres", "-c", "CREATE DATABASE \(name)"])
        try #require(made.status == 0, "\(made.output)")
        return "postgresql://martlet@/\(name)?host=\(server.folder.replacing("/", with: "%2F"))"
    }
}
