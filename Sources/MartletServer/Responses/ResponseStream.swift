import MartletHTTP
import MartletIO

/// A response that is being written piece by piece: frames the pieces and waits where the client is slow.
///
/// `@unchecked Sendable`: used on the connection's worker; `send` goes there first.
final class ResponseStream: @unchecked Sendable {
    private let connection: Connection
    private let framing: ResponseHead.Framing
    private var left: Int?
    private var hasEnded = false
    private var isSending = false

    /// Small pieces are put together up to this size, in bytes.
    private static let heldSize = 16_384

    init(_ framing: ResponseHead.Framing, _ connection: Connection) {
        self.connection = connection
        self.framing = framing
        if case .length(let length) = framing { left = length }
    }

    /// Sends a piece; returns when the connection can take more.
    func send(_ bytes: [UInt8]) async throws {
        if connection.worker.isCurrent { return try await write(bytes) }
        try await withTaskExecutorPreference(connection.worker) { try await write(bytes) }
    }

    /// Returns when the server begins to stop, or the task is cancelled.
    func serverStops() async {
        let (stops, stopped) = AsyncStream.makeStream(of: Never.self)
        await withTaskExecutorPreference(connection.worker) {
            connection.serverStops = { stopped.finish() }
            if connection.isDraining { stopped.finish() }
        }
        for await _ in stops {}
    }

    /// Ends the stream when its writer has returned.
    func finish() throws {
        guard !hasEnded else { return }
        hasEnded = true
        guard !isSending else { throw ResponseStreamError.twoWriters }
        if let left, left > 0 { throw ResponseStreamError.tooShort(missing: left) }
        if case .chunked = framing { connection.output.bytes.append("0\r\n\r\n") }
    }

    /// Ends the stream as it is.
    func end() {
        hasEnded = true
    }

    private nonisolated(nonsending) func write(_ bytes: [UInt8]) async throws {
        guard !hasEnded else { throw ResponseStreamError.ended }
        guard !isSending else { throw ResponseStreamError.twoWriters }
        guard !connection.isGone else { throw CancellationError() }
        guard !bytes.isEmpty else { return }
        isSending = true
        defer { isSending = false }
        if let left {
            guard bytes.count <= left else { throw ResponseStreamError.tooLong(excess: bytes.count - left) }
            self.left = left - bytes.count
        }
        try await put(bytes)
        connection.renewHalfClose()
    }

    private nonisolated(nonsending) func put(_ bytes: [UInt8]) async throws {
        let isChunked = if case .chunked = framing { true } else { false }
        if isChunked {
            connection.output.bytes.append(hexadecimal: bytes.count)
            connection.output.bytes.append("\r\n")
        }
        if connection.output.count + bytes.count <= Self.heldSize {
            connection.output.bytes.append(contentsOf: bytes)
            if isChunked { connection.output.bytes.append("\r\n") }
            connection.scheduleFlush()
            return
        }
        guard await connection.flush(with: bytes) else { throw CancellationError() }
        if isChunked {
            connection.output.bytes.append("\r\n")
            connection.scheduleFlush()
        }
    }
}

/// Why a streamed response failed.
enum ResponseStreamError: Error, CustomStringConvertible {
    case ended
    case twoWriters
    case tooShort(missing: Int)
    case tooLong(excess: Int)

    var description: String {
        switch self {
        case .ended:
            "The response has ended. Write to it only before the closure given to 'stream' returns."
        case .twoWriters:
            "Two tasks write to the same response at once. Let one task write."
        case .tooShort(let missing):
            "The stream ended \(missing) bytes before the length it was declared with."
        case .tooLong(let excess):
            "The stream went \(excess) bytes beyond the length it was declared with."
        }
    }
}
