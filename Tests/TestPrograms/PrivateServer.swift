import Foundation
import Glibc
import MartletIO

/// A PostgreSQL server of the tests' own: in a temporary folder, reached by a Unix socket only.
///
/// It ends with this process in any case: a shell between the two waits for the end of its input, which comes when this
/// process is gone, stops the server and removes the folder.
package final class PrivateServer: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The server of this run, started when the first test needs it.
    package static let shared = Result { try PrivateServer() }

    /// A server that one suite has for itself: it speaks TLS and is started anew in the middle of tests.
    package static let shaken = Result { try PrivateServer(isReachedByTLS: true) }

    /// A server whose disk is full whenever a test says so; see ``setDiskFull(_:)``.
    package static let narrow = Result { try PrivateServer(hasNarrowDisk: true) }

    /// The folder of the socket: what a client takes as the host.
    package let folder: String

    /// The port at 127.0.0.1; `nil` where it is reached by the socket only.
    package let port: Int?

    /// The folder of the server's programs.
    package let programs: String
    /// What the shell reads from; nobody else has the other end.
    private let leash: Int32
    private let shell: ChildProcess

    /// Makes a cluster and starts it.
    private init(isReachedByTLS: Bool = false, hasNarrowDisk: Bool = false) throws {
        programs = try Self.findPrograms()
        folder = try Self.makeFolder()
        let data = folder + "/data"
        _ = try Self.run(
            Self.asServerAccount([
                programs + "/initdb", "-D", data, "-U", "martlet", "--auth=trust", "--no-locale", "-E", "UTF8",
                "--no-sync",
            ]))
        port = isReachedByTLS ? try Self.freePort() : nil
        if isReachedByTLS { try Self.prepareTLS(folder, data) }
        if hasNarrowDisk { try NarrowDisk.compile(in: folder) }
        let preloading = hasNarrowDisk ? "LD_PRELOAD=\"$3/\(NarrowDisk.library)\" " : ""
        let pipe = try MartletIO.Pipe()
        defer { close(pipe.reading) }
        leash = pipe.writing
        let settings =
            (port.map { "-p \($0) -c listen_addresses=127.0.0.1 -c ssl=on" } ?? "-c listen_addresses=")
            + " -c fsync=off -c max_connections=400 -c shared_buffers=16MB"
        let script = """
            exec >/dev/null 2>&1
            \(preloading)"$1"/postgres -D "$2" -k "$3" \(settings) >"$3/log" 2>&1 &
            cat >/dev/null
            "$1"/pg_ctl -D "$2" -m fast -w stop
            wait
            cd / && rm -rf "$3"
            """
        let command = Self.asServerAccount(["/bin/sh", "-c", script, "sh", programs, data, folder])
        shell = try ChildProcess(
            command[0], arguments: command, environment: ProcessInfo.processInfo.environment, input: pipe.reading)
        // Waits for the server, and not for a while: it looks again until the server answers.
        _ = try Self.run([
            "/bin/sh", "-c", "until \"$1\"/pg_isready -q -h \"$2\" -p $4; do kill -0 $3 || exit 1; done", "sh",
            programs, folder, "\(shell.id)", "\(port ?? 5432)",
        ])
    }

    /// Ends the server with all its connections, as a crash would, and starts it again.
    package func restart() throws {
        _ = try Self.run(
            Self.asServerAccount([
                "/bin/sh", "-c", "\"$1\"/pg_ctl -D \"$2\" -m immediate -w -l \"$3\"/log restart >/dev/null 2>&1", "sh",
                programs, folder + "/data", folder,
            ]))
    }

    /// Says whether the files of tables can grow; for the server with a narrow disk.
    package func setDiskFull(_ isFull: Bool) throws {
        try NarrowDisk.setFull(isFull, in: folder)
    }

    /// A port that was free a moment ago.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure(description: "No port is free.") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// A certificate for `localhost` from an authority of the tests' own, another authority, and who may come how.
    private static func prepareTLS(_ folder: String, _ data: String) throws {
        let script = """
            set -e; cd "$1"
            for name in ca other; do
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out $name.crt \
                    -days 2 -subj "/CN=$name" 2>/dev/null
            done
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout data/server.key -out server.csr \
                -subj "/CN=localhost" 2>/dev/null
            printf 'subjectAltName=DNS:localhost' >san
            openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile san \
                -out data/server.crt 2>/dev/null
            chmod 600 data/server.key
            printf 'local all all trust\nhostssl all careful 127.0.0.1/32 scram-sha-256\nhost all martlet 127.0.0.1/32 trust\n' \
                >data/pg_hba.conf
            """
        try run(asServerAccount(["/bin/sh", "-c", script, "sh", folder]))
    }

    /// PostgreSQL refuses to run as root.
    package static func asServerAccount(_ command: [String]) -> [String] {
        getuid() == 0 ? ["/usr/sbin/runuser", "-u", "postgres", "--"] + command : command
    }

    package static func makeFolder() throws -> String {
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
    package static func run(_ command: [String]) throws -> String {
        let result = try Program.runBlocking(command[0], Array(command.dropFirst()))
        guard result.status == 0 else {
            throw Failure(description: "\(command.joined(separator: " ")) failed: \(result.output)")
        }
        return result.output
    }
}
