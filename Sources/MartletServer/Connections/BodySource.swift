import MartletHTTP
import MartletIO
import MartletTiming

/// The content of one request, read from the connection as the view asks for it: what is not asked for stays in the
/// socket, so a slow view slows the client down.
///
/// `@unchecked Sendable`: used on the connection's worker; `next` goes there first.
final class BodySource: RequestBody.Source, @unchecked Sendable {
    /// The length the client has declared; `nil` for a chunked body.
    let declaredLength: Int?

    private let connection: Connection
    private var decoder: BodyDecoder
    private var mustInvite: Bool
    private var isAnswered = false
    private var hasEnded = false
    private var isReading = false
    private var isBroken = false
    private var allowance: BodyAllowance

    /// How much was read after the view had finished.
    private(set) var droppedCount = 0

    init(_ head: RequestHead, _ connection: Connection) {
        self.connection = connection
        decoder = BodyDecoder(head.framing, extensionLimit: connection.settings.maximumChunkExtensionSize)
        mustInvite = head.expectsContinue
        allowance = BodyAllowance(
            connection.listener.timeouts.body, bytesPerSecond: connection.settings.minimumBodyRate)
        if case .length(let length) = head.framing { declaredLength = length } else { declaredLength = nil }
    }

    /// Whether all of the content has been read.
    var isComplete: Bool { decoder.isComplete }

    /// Whether the connection cannot take another request: the content is broken, too much of it is left, or the
    /// client still waits to be asked for it.
    var preventsReuse: Bool {
        if isBroken || isReading { return true }
        if isComplete { return false }
        let left = decoder.remaining ?? 0
        return mustInvite || left > connection.settings.maximumDrainedBodySize
    }

    /// The next piece; `nil` at the end.
    func next() async throws -> [UInt8]? {
        if connection.worker.isCurrent { return try await read() }
        return try await withTaskExecutorPreference(connection.worker) { try await read() }
    }

    /// The head of the answer is about to be written.
    ///
    /// - Parameter readingOn: Whether the answer is a stream, which may read the content while it writes: then the client
    ///   is asked for it now.
    func willAnswer(readingOn: Bool) {
        if readingOn, mustInvite {
            mustInvite = false
            connection.output.bytes.append("HTTP/1.1 100 Continue\r\n\r\n")
        }
        isAnswered = true
    }

    /// The request has been answered: nothing more can be read.
    func end() {
        hasEnded = true
    }

    /// Reads a piece that nobody wants.
    nonisolated(nonsending) func drop() async throws {
        droppedCount += try await read()?.count ?? 0
    }

    private nonisolated(nonsending) func read() async throws -> [UInt8]? {
        guard !hasEnded else { throw BodyReadError.requestEnded }
        guard !isReading else { throw BodyReadError.readTwice }
        isReading = true
        defer { isReading = false }
        do {
            return try await readPiece()
        } catch {
            // Nobody knows any longer where the next request begins.
            isBroken = true
            throw error
        }
    }

    private nonisolated(nonsending) func readPiece() async throws -> [UInt8]? {
        if mustInvite {
            // An interim head cannot come behind the final one.
            guard !isAnswered else { throw BodyReadError.requestEnded }
            mustInvite = false
            connection.output.bytes.append("HTTP/1.1 100 Continue\r\n\r\n")
            guard await connection.flush() else { throw CancellationError() }
        }
        while !decoder.isComplete {
            guard let piece = try takeBuffered() ?? receive() else {
                try await waitForMore()
                continue
            }
            if !piece.isEmpty { return piece }
        }
        return nil
    }

    /// A piece of what was read before; `nil` when there is nothing.
    private func takeBuffered() throws -> [UInt8]? {
        guard !connection.input.isEmpty else { return nil }
        let (piece, consumed) = try connection.input.withBytes { bytes in try decode(bytes) }
        connection.input.consume(consumed)
        return piece
    }

    /// A piece of what is in the socket; `nil` when there is nothing yet.
    private func receive() throws -> [UInt8]? {
        switch connection.receive() {
        case .wouldBlock:
            return nil
        case .bytes(0), .failed:
            throw HTTPError(.badRequest, "The request body ended before it was complete.")
        case .bytes(let count):
            allowance.receive(count)
            let bytes = connection.received(count)
            let (piece, consumed) = try decode(bytes)
            connection.input.append(UnsafeRawBufferPointer(rebasing: bytes[consumed...]))
            return piece
        }
    }

    /// Decodes up to the end of the next piece; an empty piece means that only framing was there.
    private func decode(_ bytes: UnsafeRawBufferPointer) throws -> (piece: [UInt8], consumed: Int) {
        let step: BodyDecoder.Step
        do {
            step = try decoder.next(bytes)
        } catch {
            throw HTTPError(error.status, error.reason)
        }
        switch step {
        case .needMore(let consumed), .end(let consumed):
            return ([], consumed)
        case .data(let range):
            return (Array(bytes[range]), range.upperBound)
        }
    }

    private nonisolated(nonsending) func waitForMore() async throws {
        let began = connection.worker.now
        // A server that stops is not held up by a client that has stopped sending; `drain` ends a wait under way.
        let drain = connection.listener.timeouts.drain
        // Nor does a client hold up a request whose time is over.
        let limit = TimeLimit.current?.remaining.wholeNanoseconds ?? .max
        let patience = connection.isDraining ? min(allowance.left, drain) : allowance.left
        connection.arm(.body, after: min(patience, limit))
        let outcome = await connection.receivable()
        connection.disarm()
        connection.renewHalfClose()
        allowance.wait(from: began, to: connection.worker.now)
        switch outcome {
        case .ready: return
        case .expired where limit < patience:
            // The limit's own clock may be a moment behind.
            TimeLimit.current?.pass()
            throw CancellationError()
        case .expired: throw HTTPError(.requestTimeout, timeoutMessage)
        case .ended: throw CancellationError()
        }
    }
}

extension BodySource {
    private var timeoutMessage: String {
        let settings = connection.settings
        let rate = settings.minimumBodyRate > 0 ? ", at \(settings.minimumBodyRate) bytes a second or more" : ""
        return "The request body did not arrive in time: it may stand still for \(settings.bodyTimeout)\(rate)."
    }
}

/// Why a request body cannot be read.
enum BodyReadError: Error, CustomStringConvertible {
    case requestEnded
    case readTwice

    var description: String {
        switch self {
        case .requestEnded:
            "The request was answered before its body was read. Read the body before the view returns."
        case .readTwice:
            "Two tasks read the same request body at once. Let one task read it."
        }
    }
}
