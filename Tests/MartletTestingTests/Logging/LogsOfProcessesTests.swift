import Foundation
import Glibc
import MartletIO
import MartletJSON
import MartletTesting
import TestPrograms
import Testing

/// The log of a process that serves a site or runs a command, to its end.
@Suite struct LogsOfProcessesTests {
    private let folder: TemporaryFolder
    private let settings: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        settings = ["LOG_DESTINATION": "file:\(folder.file("site.log"))", "LOG_FORMAT": "json"]
    }

    private var events: [JSONValue] {
        get throws {
            let text = try String(contentsOfFile: folder.file("site.log"), encoding: .utf8)
            return try text.split(separator: "\n").map { try JSON.parse(String($0)) }
        }
    }

    private func expectAllTold() throws {
        let told = try events.filter { $0["event"] == "told" }.compactMap { $0["n"]?.intValue }
        // Lines may come twice when the writing thread was stopped in the middle of them.
        #expect(told.last == 499)
        #expect(Set(0..<500).subtracting(told).isEmpty)
    }

    private func request(_ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    }

    @Test func `what a view has told before it traps is in the file of a site that is served`() async throws {
        let process = try ManageProcess(["serve"], settings)
        let port = try await process.port()
        // It has no answer.
        _ = try? await LiveServer.send(request("/trap/"), port: port)
        #if arch(x86_64)
        #expect(await process.end() == "was ended by signal \(SIGILL)")
        #else
        #expect(await process.end() == "was ended by signal \(SIGTRAP)")
        #endif
        try expectAllTold()
        #expect(try events.contains { $0["event"] == "request_started" && $0["request"] == "GET /trap/" })
    }

    @Test(arguments: [0, 3])
    func `what a command has told is in the file when it has ended, and its status is its own`(_ status: Int)
        async throws
    {
        let process = try ManageProcess(["tell", "\(status)"], settings)
        #expect(await process.end() == "ended with status \(status)")
        try expectAllTold()
    }

    /// A pipe that is full, and that nobody reads.
    private final class FullPipe: Sendable {
        let ends: MartletIO.Pipe

        /// - Parameter isBlocking: Whether a write waits for room, or is refused until there is some.
        init(isBlocking: Bool) throws {
            ends = try MartletIO.Pipe()
            let flags = fcntl(ends.writing, F_GETFL)
            _ = fcntl(ends.writing, F_SETFL, flags | O_NONBLOCK)
            let filler = [UInt8](repeating: 0x2E, count: 4_096)
            while write(ends.writing, filler, filler.count) > 0 {}
            if isBlocking { _ = fcntl(ends.writing, F_SETFL, flags) }
        }

        deinit {
            close(ends.reading)
            close(ends.writing)
        }
    }

    @Test(arguments: ["drop", "block"], [true, false])
    func `a site whose standard error nobody reads ends when it is told to`(_ policy: String, _ isBlocking: Bool)
        async throws
    {
        let errors = try FullPipe(isBlocking: isBlocking)
        let process = try ManageProcess(["serve"], errors: errors.ends.writing, ["LOG_WHEN_FULL": policy])
        let port = try await process.port()
        #expect(try await LiveServer.send(request("/"), port: port).hasPrefix("HTTP/1.1 200 OK\r\n"))
        process.send(SIGTERM)
        #expect(await process.end() == "ended with status 0")
        withExtendedLifetime(errors) {}
    }

    @Test func `a command whose standard error nobody reads ends with its own status`() async throws {
        let errors = try FullPipe(isBlocking: true)
        let process = try ManageProcess(["tell"], errors: errors.ends.writing)
        #expect(await process.end() == "ended with status 0")
        withExtendedLifetime(errors) {}
    }

    @Test
    func `the events of each of many requests at once are in the file in their order, whichever worker told them`()
        async throws
    {
        let (rounds, count) = (3, 32)
        let process = try ManageProcess(["serve"], settings.merging(["WORKERS": "4"]) { $1 })
        let port = try await process.port()
        for _ in 0..<rounds {
            try await withThrowingTaskGroup { group in
                for _ in 0..<count {
                    group.addTask {
                        // All of them are under way before the first has its answer.
                        let answer = try await LiveServer.send(request("/together/\(count)/"), port: port)
                        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                    }
                }
                try await group.waitForAll()
            }
        }
        process.send(SIGTERM)
        #expect(await process.end() == "ended with status 0")

        let events = try events.filter { $0["request_id"] != nil }
        let requests = Dictionary(grouping: events) { $0["request_id"] }
        #expect(requests.count == rounds * count)
        for (id, events) in requests {
            let names = events.compactMap { $0["event"]?.stringValue }
            #expect(names == ["request_started", "arrived", "request_finished"], "\(id?.stringValue ?? "none")")
        }
        for round in 0..<rounds {
            // A round has begun when the one before it was over, and ends when all of it have arrived.
            let names = events.dropFirst(round * count * 3).prefix(count * 3).compactMap { $0["event"]?.stringValue }
            #expect(names.lastIndex(of: "arrived") ?? .max < names.firstIndex(of: "request_finished") ?? 0)
        }
        #expect(Set(events.compactMap { $0["worker"]?.stringValue }).count > 1)
    }
}
