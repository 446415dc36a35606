import Glibc
import MartletHTTP
import MartletIO
import MartletServer
import Synchronization
import Testing

@Suite struct FileResponseTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    private static let get = "GET /file HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test(arguments: [0, 1, 5_000, 16_384, 16_385, 70_000, 3_500_000], [true, false])
    func `a file is sent whole and the connection stays`(_ size: Int, _ usesSendfile: Bool) async throws {
        let content = patternedBytes(size)
        let path = try folder.write("file", content)
        try await withServer(
            { $0.usesSendfile = usesSendfile }, handler: { _ in Response(body: .file(try OpenFile(path: path))) }
        ) { address, _ in
            let client = try await RawClient.connect(address)
            // Both at once: the second answer must not come in between.
            try await client.send(Self.get + Self.get)
            for _ in 0..<2 {
                let head = try await client.receive(through: "\r\n\r\n")
                #expect(head.withoutDate == "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
                #expect(try await client.receive(count: size) == content)
            }
        }
    }

    @Test(arguments: [10, 2_000_000], [true, false])
    func `parts of files and bytes are sent one after the other`(_ size: Int, _ usesSendfile: Bool) async throws {
        let content = patternedBytes(size)
        let path = try folder.write("file", content)
        let middle = size / 2
        let handler: Handler = { _ in
            let file = try OpenFile(path: path)
            return Response(
                body: .parts([
                    .bytes(Array("<".utf8)), .file(FileRegion(file, middle..<size)), .bytes(Array("|".utf8)),
                    .file(FileRegion(file, 0..<1)), .file(FileRegion(file, 4..<4)), .bytes(content),
                    .bytes(Array(">".utf8)),
                ]))
        }
        try await withServer({ $0.usesSendfile = usesSendfile }, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            _ = try await client.receive(through: "\r\n\r\n")
            let expected =
                Array("<".utf8) + content[middle...] + Array("|".utf8) + content[..<1] + content + Array(">".utf8)
            #expect(try await client.receiveAllBytes() == expected)
        }
    }

    @Test func `HEAD tells the length of a file and sends none of it`() async throws {
        let path = try folder.write("file", patternedBytes(100_000))
        try await withServer(handler: { _ in Response(body: .file(try OpenFile(path: path))) }) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.contains("Content-Length: 100000\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func `a file that is not in memory is sent all the same`() async throws {
        let content = patternedBytes(2_500_000)
        let path = try folder.write("file", content)
        let handler: Handler = { _ in
            let file = try OpenFile(path: path)
            // Clean pages can be forgotten, so the file is written out first.
            #expect(fsync(file.descriptor) == 0)
            #expect(posix_fadvise(file.descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0)
            return Response(body: .file(file))
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.get)
            _ = try await client.receive(through: "\r\n\r\n")
            #expect(try await client.receive(count: content.count) == content)
        }
    }

    @Test(arguments: [true, false])
    func `a client that is slow to read holds nobody up`(_ usesSendfile: Bool) async throws {
        let path = try folder.write("file", [])
        #expect(truncate(path, 64_000_000) == 0)
        let handler: Handler = { request in
            request.path == "/file" ? Response(body: .file(try OpenFile(path: path))) : Response("here")
        }
        try await withServer(
            { settings in
                settings.usesSendfile = usesSendfile
                settings.workers = 1
            }, handler: handler
        ) { address, _ in
            let slow = try await RawClient.connect(address)
            try await slow.send(Self.get)
            _ = try await slow.receive(through: "\r\n\r\n")
            let other = try await RawClient.connect(address)
            try await other.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await other.receive(through: "here")
            #expect(try await slow.receive(count: 64_000_000).count == 64_000_000)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `a client that reads nothing is cut off`(_ usesSendfile: Bool) async throws {
        let path = try folder.write("file", [])
        #expect(truncate(path, 64_000_000) == 0)
        try await withServer(
            { settings in
                settings.usesSendfile = usesSendfile
                settings.writeTimeout = .milliseconds(50)
            }, handler: { _ in Response(body: .file(try OpenFile(path: path))) }
        ) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send(Self.get)
            _ = try await client.receive(through: "\r\n\r\n")
            // Returns when the connection has ended: long before the grace does.
            await server.stop(grace: .seconds(3_600))
            let received = try? await client.receiveAllBytes().count
            #expect(received ?? 0 < 64_000_000)
        }
    }

    @Test(arguments: [5_000, 3_000_000], [true, false])
    func `a file that becomes shorter cuts the connection`(_ size: Int, _ usesSendfile: Bool) async throws {
        let log = EventLog()
        let path = try folder.write("file", patternedBytes(size))
        let handler: Handler = { _ in
            let file = try OpenFile(path: path)
            #expect(truncate(path, off_t(size / 2)) == 0)
            return Response(body: .file(file))
        }
        try await withServer({ $0.usesSendfile = usesSendfile }, log: log, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.get)
            let received = try await client.receiveAllBytes()
            #expect(received.count < size)
            let event = try #require(log.first(.responseFailed))
            #expect(event.path == "/file")
            let error = try #require(event.error)
            #expect("\(error)".hasPrefix("The file \"file\" could not be read: it became shorter meanwhile."))
        }
    }

    @Test(arguments: [true, false])
    func `a client that goes away in the middle ends nothing but its connection`(_ byReset: Bool) async throws {
        let log = EventLog()
        let path = try folder.write("file", [])
        #expect(truncate(path, 64_000_000) == 0)
        try await withServer(log: log, handler: { _ in Response(body: .file(try OpenFile(path: path))) }) {
            address, _ in
            for _ in 0..<5 {
                let client = try await RawClient.connect(address)
                try await client.send(Self.get)
                _ = try await client.receive(through: "\r\n\r\n")
                if byReset { await client.reset() } else { await client.close() }
            }
            let last = try await RawClient.connect(address)
            try await last.send(Self.get)
            _ = try await last.receive(through: "\r\n\r\n")
            #expect(try await last.receive(count: 64_000_000).count == 64_000_000)
            #expect(log.first(.responseFailed) == nil)
        }
    }

    @Test func `a file is closed when it has been sent`() async throws {
        final class Weak: Sendable {
            private let file = Mutex<WeakFile>(WeakFile())
            struct WeakFile { weak var file: OpenFile? }
            func hold(_ file: OpenFile) { self.file.withLock { $0.file = file } }
            var isOpen: Bool { file.withLock { $0.file != nil } }
        }
        let weak = Weak()
        let path = try folder.write("file", patternedBytes(1_000_000))
        let handler: Handler = { _ in
            let file = try OpenFile(path: path)
            weak.hold(file)
            return Response(body: .file(file))
        }
        try await withServer(handler: handler) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send(Self.get)
            _ = try await client.receive(through: "\r\n\r\n")
            _ = try await client.receive(count: 1_000_000)
            await client.close()
            await server.stop(grace: .seconds(30))
            #expect(!weak.isOpen)
        }
    }
}
