import Foundation
import Glibc
import Testing

/// A private Memcached on a socket in a folder of its own, killed with its last reference.
package final class MemcachedServer {
    /// Where it listens, as a cache's location.
    package let location: String
    private let folder: URL
    private var process: Program

    /// The program's path; `nil` where it is not installed.
    package static var program: String? {
        ["/usr/bin/memcached", "/usr/local/bin/memcached", "/opt/homebrew/bin/memcached"]
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Starts a server and waits until it listens.
    package init(_ options: [String] = []) throws {
        folder = URL(fileURLWithPath: "/tmp").appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        location = "unix:" + folder.appendingPathComponent("s").path
        process = try Self.start(folder, options)
        try waitUntilItListens()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func start(_ folder: URL, _ options: [String]) throws -> Program {
        let program = try #require(program, "memcached is not installed: apt install memcached")
        let user = geteuid() == 0 ? ["-u", "root"] : []
        let socket = folder.appendingPathComponent("s").path
        return try Program(program, ["-s", socket, "-t", "1", "-m", "16"] + user + options)
    }

    /// Tries to connect until it works; the process either listens soon or ends.
    private func waitUntilItListens() throws {
        let path = String(location.dropFirst("unix:".count))
        for _ in 0..<2_000 {
            if Self.listens(path) { return }
            try #require(process.isRunning, "memcached ended at once")
            poll(nil, 0, 5)
        }
        Issue.record("memcached does not listen on \(path)")
    }

    private static func listens(_ path: String) -> Bool {
        guard let descriptor = connection(path) else { return false }
        close(descriptor)
        return true
    }

    private static func connection(_ path: String) -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }

    /// What the server itself has under a key, whatever a client would make of it.
    package func stored(_ key: String) throws -> (flags: Int, bytes: Int)? {
        let descriptor = try #require(Self.connection(String(location.dropFirst("unix:".count))))
        defer { close(descriptor) }
        let question = "get \(key)\r\n"
        try #require(write(descriptor, question, question.utf8.count) == question.utf8.count)
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.last != UInt8(ascii: "\n"), read(descriptor, &byte, 1) == 1 { line.append(byte) }
        // VALUE, the key, the flags and the number of bytes; or END.
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count >= 4, let flags = Int(words[2]), let bytes = Int(words[3]) else { return nil }
        return (flags, bytes)
    }

    /// Kills the server as a crash would.
    package func stop() {
        process.stop(SIGKILL)
    }

    /// Starts it again at the same place, empty.
    package func restart() throws {
        stop()
        try? FileManager.default.removeItem(at: folder.appendingPathComponent("s"))
        process = try Self.start(folder, [])
        try waitUntilItListens()
    }

    /// Lets it hang: the socket takes connections and nobody answers. Returns when all its threads have stopped, which
    /// the signal alone does not wait for.
    package func pause() throws {
        let id = process.id
        kill(id, SIGSTOP)
        for _ in 0..<2_000 {
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")
            let running = threads.contains { thread in
                let status = try? String(contentsOfFile: "/proc/\(id)/task/\(thread)/stat", encoding: .utf8)
                return status?.contains(") T ") != true
            }
            if !running { return }
            poll(nil, 0, 5)
        }
        Issue.record("memcached does not stop")
    }

    /// Lets it go on.
    package func resume() { process.send(SIGCONT) }
}
