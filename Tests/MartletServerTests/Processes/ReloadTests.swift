import Glibc
import MartletHTTP
import MartletIO
import MartletServer
import Testing

/// A process that gives its sockets to the next one.
@Suite(.timeLimit(.minutes(3))) struct ReloadTests {
    @Test func `ten reloads under load lose no request`() async throws {
        // Longer than a client on a busy machine, or under a sanitizer, needs for its next request.
        let server = try ServerProcess(["SERVER_KEEP_ALIVE_GRACE": "20s"])
        let address = try await server.address()
        var takenOver = 0
        let tally = try await withLoad(on: address, clients: 12) { tally in
            var process = server.id
            for round in 1...10 {
                await tally.wait(answers: tally.value.answered + 200)
                kill(process, SIGHUP)
                let line = try await server.line("listening on \(address)")
                let next = try #require(line.split(separator: " ").first.flatMap { pid_t($0) })
                #expect(next != process, "round \(round)")
                // Only then is the new one the one to be told.
                try await server.line("\(process) server_handed_over")
                process = next
                takenOver += 1
            }
            await tally.wait(answers: tally.value.answered + 200)
        }
        #expect(takenOver == 10)
        #expect(tally.violations == [])
        #expect(tally.unanswered == 0)
        // The one that began it all has ended by itself.
        #expect(await server.end() == "ended with status 0")
    }

    @Test(arguments: ["TEST_FAILS_IF", "TEST_HANGS_IF"])
    func `a new version that does not come to listen leaves the old one in place`(_ fault: String) async throws {
        try await withTemporaryFolder { folder in
            let server = try ServerProcess([fault: "\(folder)/broken", "SERVER_RELOAD_TIMEOUT": "1s"])
            let address = try await server.address()
            creat("\(folder)/broken", 0o600)
            for _ in 1...2 {
                server.send(SIGHUP)
                try await server.line("\(server.id) server_reload_failed")
                let client = try await RawClient.connect(address)
                try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                #expect(try await client.receiveAll().hasSuffix("\r\n\(server.id) 127.0.0.1 []"))
            }
            unlink("\(folder)/broken")
            server.send(SIGHUP)
            try await server.line("\(server.id) server_handed_over")
            #expect(await server.end() == "ended with status 0")
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && !answer.contains("\r\n\(server.id) "))
        }
    }

    @Test func `a stop does not wait for the process that was to take over`() async throws {
        try await withTemporaryFolder { folder in
            let server = try ServerProcess(["TEST_HANGS_IF": "\(folder)/broken"])
            let address = try await server.address()
            creat("\(folder)/broken", 0o600)
            server.send(SIGHUP)
            try await server.line("server_reloading")
            server.send(SIGTERM)
            #expect(await server.end() == "ended with status 0")
            await #expect(throws: SystemCallError.self) { try await RawClient.connect(address) }
        }
    }

    @Test func `a SIGHUP stops the server where the settings say so`() async throws {
        let server = try ServerProcess(["SERVER_RELOADS_ON_HANGUP": "false"])
        try await server.line("listening on")
        server.send(SIGHUP)
        #expect(await server.end() == "ended with status 0")
    }

    @Test func `a Unix socket is handed over with its file and removed by the last process`() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/app.sock"
            let server = try ServerProcess(["SERVER_ADDRESSES": "unix:\(path)", "SERVER_KEEP_ALIVE_GRACE": "0"])
            try await server.line("listening on unix:\(path)")
            server.send(SIGHUP)
            let line = try await server.line("listening on unix:\(path)")
            #expect(await server.end() == "ended with status 0")
            let next = try #require(line.split(separator: " ").first.flatMap { pid_t($0) })
            let client = try await RawClient.connect(SocketAddress(path: path))
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(try await client.receiveAll().hasSuffix("\r\n\(next) unix []"))
            await client.close()
            kill(next, SIGTERM)
            try await server.line("\(next) server_stopped")
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test func `a supervisor that asks for it is told how far the server is`() async throws {
        try await withTemporaryFolder { folder in
            let notices = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(notices) }
            try #require(Socket.withAddress("\(folder)/notify") { bind(notices, $0, $1) } == 0)
            let server = try ServerProcess(["NOTIFY_SOCKET": "\(folder)/notify"])
            #expect(await notice(notices) == "READY=1\nMAINPID=\(server.id)")
            try await server.line("listening on")
            server.send(SIGHUP)
            #expect(await notice(notices).hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
            let next = try await server.line("listening on").split(separator: " ")[0]
            // The new process and the old one say the same, in whichever order.
            let pair = await [notice(notices), notice(notices)]
            #expect(Set(pair) == ["READY=1\nMAINPID=\(next)", "MAINPID=\(next)\nREADY=1"])
            kill(try #require(pid_t(next)), SIGTERM)
            #expect(await notice(notices) == "STOPPING=1")
            #expect(await server.end() == "ended with status 0")
        }
    }

    /// The next datagram; empty when none comes within a minute.
    private func notice(_ descriptor: Int32) async -> String {
        await blocking {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 60_000) > 0 else { return "" }
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            return String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
        }
    }

    @Test func `the first signal lets requests finish and the second ends at once`() async throws {
        let server = try ServerProcess(["SERVER_BODY_TIMEOUT": "1h", "SERVER_DRAIN_TIMEOUT": "1h"])
        let client = try await RawClient.connect(try await server.address())
        try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        // The view reads, and waits for the body that never comes.
        _ = try await client.receive(through: "100 Continue\r\n\r\n")
        server.send(SIGTERM)
        try await server.line("server_stopping")
        server.send(SIGTERM)
        #expect(await server.end() == "ended with status 0")
    }
}
