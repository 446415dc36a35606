import FoundationEssentials
import Glibc
import MartletIO
import Testing

@Suite struct FileTransferTests {
    /// A file and two connected sockets, closed and removed at the end.
    private final class Setting: Sendable {
        let file: Int32
        let near: Int32
        let far: Int32
        private let path: String

        init(size: Int) throws {
            path = FileManager.default.temporaryDirectory.path + "/martlet-io-" + UUID().uuidString
            try Data((0..<size).map { UInt8(truncatingIfNeeded: $0) }).write(to: URL(filePath: path))
            file = open(path, O_RDONLY | O_CLOEXEC)
            var pair: [Int32] = [-1, -1]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
            (near, far) = (pair[0], pair[1])
            try Socket.makeNonBlocking(near)
        }

        deinit {
            for descriptor in [file, near, far] { close(descriptor) }
            unlink(path)
        }

        func received(_ count: Int) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: count)
            let got = read(far, &bytes, count)
            return Array(bytes.prefix(max(0, got)))
        }
    }

    @Test func `a part of a file goes to a socket`() throws {
        let setting = try Setting(size: 100)
        let head = Array("head".utf8).withUnsafeBytes { Socket.writeBeforeMore(setting.near, $0) }
        #expect(head == .bytes(4))
        #expect(Socket.sendFile(setting.near, setting.file, 10..<13) == .bytes(3))
        #expect(setting.received(4) == Array("head".utf8))
        #expect(setting.received(9) == [10, 11, 12])
    }

    @Test func `beyond the end there is nothing to send`() throws {
        let setting = try Setting(size: 100)
        #expect(Socket.sendFile(setting.near, setting.file, 90..<200) == .bytes(10))
        #expect(Socket.sendFile(setting.near, setting.file, 100..<200) == .bytes(0))
    }

    @Test func `a full socket takes no more`() throws {
        let setting = try Setting(size: 4_000_000)
        guard case .bytes(let sent) = Socket.sendFile(setting.near, setting.file, 0..<4_000_000) else {
            Issue.record("Nothing was sent.")
            return
        }
        #expect(sent < 4_000_000)
        #expect(Socket.sendFile(setting.near, setting.file, sent..<4_000_000) == .wouldBlock)
    }

    @Test func `a connection that is gone is a failure and not the end of the process`() throws {
        let setting = try Setting(size: 100)
        Socket.finishWriting(setting.near)
        #expect(Socket.sendFile(setting.near, setting.file, 0..<100) == .failed(EPIPE))
    }

    @Test func `what cannot be sent from memory is to be read`() throws {
        let setting = try Setting(size: 100)
        // A socket is no file.
        #expect(Socket.sendFile(setting.near, setting.far, 0..<1) == .unsupported)
    }

    @Test func `what was just written is in memory, where the file system can tell`() throws {
        let setting = try Setting(size: 100_000)
        var buffer = [UInt8](repeating: 0, count: 300)
        switch buffer.withUnsafeMutableBytes({ PageCache.read(setting.file, at: 99_900, into: $0) }) {
        case .bytes(let count):
            #expect(Array(buffer[..<count]) == (99_900..<100_000).map { UInt8(truncatingIfNeeded: $0) })
            #expect(PageCache.holds(setting.file, 0..<100_000) == true)
        case .unknown:
            #expect(PageCache.holds(setting.file, 0..<100_000) == nil)
        case .absent:
            Issue.record("A file that was just written is not in memory.")
        }
    }

    @Test func `of a closed descriptor nothing is known`() {
        #expect(PageCache.holds(-1, 0..<1) == nil)
    }
}
