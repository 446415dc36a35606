import Glibc
import MartletIO
import Testing

@Suite struct ReadinessTests {
    /// Two connected sockets; the test closes what it has not handed to a `Readiness`.
    private static func pair() throws -> (Int32, Int32) {
        var descriptors: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &descriptors) == 0 else {
            throw SystemCallError("socketpair")
        }
        for descriptor in descriptors { try Socket.makeNonBlocking(descriptor) }
        return (descriptors[0], descriptors[1])
    }

    @Test func `a wait ends when bytes come`() async throws {
        let worker = try Worker(index: 0)
        let (near, far) = try Self.pair()
        let outcome = try await withTaskExecutorPreference(worker) {
            let readiness = try worker.readiness(of: near)
            #expect(Socket.read(near, into: worker.scratch) == .wouldBlock)
            readiness.drained()
            worker.run { _ = Array("x".utf8).withUnsafeBytes { Socket.write(far, $0) } }
            let outcome = await readiness.readable()
            #expect(Socket.read(near, into: worker.scratch) == .bytes(1))
            readiness.close()
            return outcome
        }
        #expect(outcome == .ready)
        Socket.close(far)
    }

    @Test func `a deadline ends a wait and the descriptor stays usable`() async throws {
        let worker = try Worker(index: 0)
        let (near, far) = try Self.pair()
        try await withTaskExecutorPreference(worker) {
            let readiness = try worker.readiness(of: near)
            readiness.drained()
            let deadline = Deadline(on: worker) { readiness.interrupt(.expired) }
            deadline.arm(after: .milliseconds(1))
            #expect(await readiness.readable() == .expired)
            worker.run { _ = Array("x".utf8).withUnsafeBytes { Socket.write(far, $0) } }
            #expect(await readiness.readable() == .ready)
            readiness.close()
            #expect(await readiness.readable() == .ended)
            #expect(await readiness.writable() == .ended)
        }
        Socket.close(far)
    }

    @Test func `a wait for writing ends when the other end reads`() async throws {
        let worker = try Worker(index: 0)
        let (near, far) = try Self.pair()
        let read = try await withTaskExecutorPreference(worker) {
            let readiness = try worker.readiness(of: near)
            let block = [UInt8](repeating: 0, count: 65_536)
            while block.withUnsafeBytes({ Socket.write(near, $0) }) != .wouldBlock {}
            readiness.filled()
            let reader = worker.run {
                while case .bytes = Socket.read(far, into: worker.scratch) {}
            }
            let outcome = await readiness.writable()
            await reader.value
            readiness.close()
            return outcome
        }
        #expect(read == .ready)
        Socket.close(far)
    }

    @Test func `a peer that closes is noticed and its last bytes are not lost`() async throws {
        let worker = try Worker(index: 0)
        let (near, far) = try Self.pair()
        _ = Array("last".utf8).withUnsafeBytes { Socket.write(far, $0) }
        Socket.close(far)
        try await withTaskExecutorPreference(worker) {
            let readiness = try worker.readiness(of: near)
            readiness.drained()
            #expect(await readiness.readable() == .ready)
            #expect(Socket.read(near, into: worker.scratch) == .bytes(4))
            // A short read does not mean "nothing more" once the other end has closed.
            readiness.drained()
            #expect(await readiness.readable() == .ready)
            #expect(Socket.read(near, into: worker.scratch) == .bytes(0))
            readiness.close()
        }
    }

    @Test func `bytes that a library left behind are news again after a refresh`() async throws {
        let worker = try Worker(index: 0)
        let (near, far) = try Self.pair()
        _ = Array("ab".utf8).withUnsafeBytes { Socket.write(far, $0) }
        try await withTaskExecutorPreference(worker) {
            let readiness = try worker.readiness(of: near)
            for _ in 0..<3 {
                readiness.refresh()
                #expect(await readiness.readable() == .ready)
            }
            readiness.close()
        }
        Socket.close(far)
    }

    @Test func `what outlives its worker can still be closed`() async throws {
        let (near, far) = try Self.pair()
        var worker: Worker? = try Worker(index: 0)
        let kept = try worker?.readiness(of: near)
        worker = nil
        kept?.close()
        var byte: UInt8 = 0
        #expect(withUnsafeMutableBytes(of: &byte) { Socket.read(far, into: $0) } == .bytes(0))
        Socket.close(far)
    }

    @Test func `news for a closed descriptor does not reach the next one of the same number`() async throws {
        let worker = try Worker(index: 0)
        for _ in 0..<200 {
            let (near, far) = try Self.pair()
            try await withTaskExecutorPreference(worker) {
                let readiness = try worker.readiness(of: near)
                readiness.drained()
                _ = Array("x".utf8).withUnsafeBytes { Socket.write(far, $0) }
                readiness.close()
                let (next, other) = try Self.pair()
                let fresh = try worker.readiness(of: next)
                fresh.drained()
                await Task.yield()
                #expect(!fresh.mayRead)
                fresh.close()
                Socket.close(other)
            }
            Socket.close(far)
        }
    }
}
