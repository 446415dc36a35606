import Foundation
import Glibc
import MartletIO
import TestPrograms

/// A PostgreSQL server of the tests' own: in a temporary folder, reached by a Unix socket only.
///
/// It ends with this process in any case: a shell between the two waits for the end of its input, which comes when this
/// process is gone, stops the server and removes the folder.
final class PrivateServer: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The server of this run, started when the first test needs it.
    static let shared = Result { try PrivateServer() }

    /// The folder of the socket: what a client takes as the host.
    let folder: String

    private let programs: String
    /// What the shell reads from; nobody else has the other end.
    private let leash: Int32
    private let shell: ChildProcess

    /// Makes a cluster and starts it.
    private init() throws {
        programs = try Self.findPrograms()
        folder = try Self.makeFolder()
        let data = folder + "/data"
        _ = try Self.run(
            Self.asServerAccount([
                programs + "/initdb", "-D", data, "-U", "martlet", "--auth=trust", "--no-locale", "-E", "UTF8",
                "--no-sync",
            ]))
        let pipe = try MartletIO.Pipe()
        defer { close(pipe.reading) }
        leash = pipe.writing
        let settings = "-c listen_addresses= -c fsync=off -c max_connections=400 -c shared_buffers=16MB"
        let script = """
            exec >/dev/null 2>&1
            "$1"/postgres -D "$2" -k "$3" \(settings) >"$3/log" 2>&1 & server=$!
            cat >/dev/null
            kill -INT $server
            wait $server
            cd / && rm -rf "$3"
            """
        let command = Self.asServerAccount(["/bin/sh", "-c", script, "sh", programs, data, folder])
        shell = try ChildProcess(
            command[0], arguments: command, environment: ProcessInfo.processInfo.environment, input: pipe.reading)
        // Waits for the server, and not for a while: it looks again until the server answers.
        _ = try Self.run([
            "/bin/sh", "-c", "until \"$1\"/pg_isready -q -h \"$2\"; do kill -0 $3 || exit 1; done", "sh",
            programs, folder, "\(shell.id)",
        ])
    }

    /// PostgreSQL refuses to run as root.
    private static func asServerAccount(_ command: [String]) -> [String] {
        getuid() == 0 ? ["/usr/sbin/runuser", "-u", "postgres", "--"] + command : command
    }

    private static func makeFolder() throws -> String {
        // Short, since the path of a socket may have 107 bytes.
        var template = Array("/tmp/martlet-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "No temporary folder could be made.") }
        let folder = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if getuid() == 0 {
            guard let account = getpwnam("postgres") else {
                throw Failure(description: "There is no account 'postgres'. Install the package postgresql.")
            }
            chown(folder, account.pointee.pw_uid, account.pointee.pw_gid)
        }
        return folder
    }

    private static func findPrograms() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let folders = versions.compactMap(Int.init).sorted(by: >).map { "\(root)/\($0)/bin" }
        let path = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
        for folder in folders + path where access(folder + "/initdb", X_OK) == 0 { return folder }
        throw Failure(description: "PostgreSQL is not installed. Run Scripts/requirements test.")
    }

    @discardableResult
    private static func run(_ command: [String]) throws -> String {
        let result = try Program.runBlocking(command[0], Array(command.dropFirst()))
        guard result.status == 0 else {
            throw Failure(description: "\(command.joined(separator: " ")) failed: \(result.output)")
        }
        return result.output
    }
}
