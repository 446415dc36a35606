internal import COpenSSL
import Glibc
package import MartletIO

/// The TLS of one connection: bytes in the clear on this side, records on the socket.
///
/// Used on the connection's worker only. No call waits.
package final class TLSSession {
    /// How far a handshake has come.
    package enum Progress {
        case done
        /// Nothing more can be done until something comes.
        case waitsToRead
        /// Nothing more can be done until the socket takes more.
        case waitsToWrite
        case failed(TLSFailure)
    }

    /// Whether the last read has to write before it can go on, such as an answer to the client's new keys.
    package private(set) var readWaitsToWrite = false

    /// Whether the last write has to read before it can go on.
    package private(set) var writeWaitsToRead = false

    /// Whether the socket and OpenSSL's buffers are known to have nothing left to read.
    package var isDrained: Bool { isSocketDrained && SSL_has_pending(session) == 0 }

    /// Whether the client has sent anything yet.
    package private(set) var hasReceived = false

    /// Whether the socket has come to its end.
    private(set) var isAtEnd = false

    private let descriptor: Int32
    // Kept: OpenSSL's session refers to both without counting.
    private let context: TLSContext
    private let session: OpaquePointer
    /// Bytes that were read from the socket before the session began.
    private var early: [UInt8]
    private var isSocketDrained = false
    private var isBroken = false

    /// How much is encrypted in one go, in bytes, before other connections get their turn.
    private static let largestWrite = 262_144

    /// How much fits into one record, in bytes (RFC 8446 §5.1).
    package static let recordSize = 16_384

    /// Begins a session on a socket that has been accepted; it does not close it.
    ///
    /// - Parameter early: What was read from the socket already.
    package init(_ context: TLSContext, descriptor: Int32, early: [UInt8] = []) throws(TLSError) {
        ErrorQueue.clear()
        guard let session = context.makeSession() else { throw .libraryFailed(reason: ErrorQueue.takeReason()) }
        self.context = context
        self.descriptor = descriptor
        self.session = session
        self.early = early
        hasReceived = !early.isEmpty
        guard let socket = context.method.attach(self) else {
            throw .libraryFailed(reason: ErrorQueue.takeReason())
        }
        // Both ends are the same object, and one reference is given for both.
        SSL_set_bio(session, socket, socket)
        SSL_set_accept_state(session)
    }

    deinit { SSL_free(session) }

    // MARK: For the connection

    /// Goes on with the handshake.
    package func handshake() -> Progress {
        ErrorQueue.clear()
        let status = SSL_do_handshake(session)
        if status == 1 { return .done }
        switch SSL_get_error(session, status) {
        case SSL_ERROR_WANT_READ: return .waitsToRead
        case SSL_ERROR_WANT_WRITE: return .waitsToWrite
        case SSL_ERROR_ZERO_RETURN: return .failed(.closed)
        default: return .failed(TLSFailure(ErrorQueue.take()))
        }
    }

    /// Reads what has come, up to the size of `buffer`.
    ///
    /// - Returns: 0 bytes at the end, whether the client has said that it comes (`close_notify`) or not.
    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Transfer {
        var total = 0
        // What an earlier read has found may no longer be so: the socket may have been filled since.
        isSocketDrained = false
        readWaitsToWrite = false
        while total < buffer.count {
            var count = 0
            ErrorQueue.clear()
            let status = SSL_read_ex(session, buffer.baseAddress?.advanced(by: total), buffer.count - total, &count)
            guard status == 1 else {
                // What has come before the end or a failure is handed out first; the next call meets it again.
                let transfer = outcome(of: status)
                readWaitsToWrite = SSL_want(session) == SSL_WRITING
                return total > 0 ? .bytes(total) : transfer
            }
            total += count
            if isDrained { break }
        }
        return .bytes(total)
    }

    /// Writes as much of `bytes` as the socket takes.
    ///
    /// After ``Socket/Transfer/wouldBlock`` the next write must begin with the same bytes.
    package func write(_ bytes: UnsafeRawBufferPointer) -> Socket.Transfer {
        var total = 0
        writeWaitsToRead = false
        while total < min(bytes.count, Self.largestWrite) {
            var count = 0
            ErrorQueue.clear()
            let status = SSL_write_ex(session, bytes.baseAddress?.advanced(by: total), bytes.count - total, &count)
            guard status == 1 else {
                let transfer = outcome(of: status)
                writeWaitsToRead = SSL_want(session) == SSL_READING
                return total > 0 ? .bytes(total) : transfer
            }
            total += count
        }
        return .bytes(total)
    }

    /// Tells the client that nothing more will be sent (`close_notify`), without waiting for it to say the same.
    ///
    /// - Returns: `.wouldBlock` when it is to be called again.
    package func finish() -> Socket.Transfer {
        // After a failure there is nobody to tell.
        guard !isBroken else { return .failed(EPROTO) }
        ErrorQueue.clear()
        let status = SSL_shutdown(session)
        // 0: said, and not yet answered.
        return status >= 0 ? .bytes(0) : outcome(of: status)
    }

    private func outcome(of status: Int32) -> Socket.Transfer {
        switch SSL_get_error(session, status) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock
        case SSL_ERROR_ZERO_RETURN: return .bytes(0)
        default:
            isBroken = true
            return .failed(EPROTO)
        }
    }

    // MARK: For OpenSSL

    /// Reads from the socket.
    func fetch(into buffer: UnsafeMutableRawBufferPointer, for bio: OpaquePointer) -> Int32 {
        martlet_bio_clear_retry(bio)
        if !early.isEmpty { return fetchEarly(into: buffer) }
        switch Socket.read(descriptor, into: buffer) {
        case .bytes(let count):
            isAtEnd = count == 0
            hasReceived = hasReceived || count > 0
            // A short read has taken all there was.
            isSocketDrained = count < buffer.count && count > 0
            return Int32(count)
        case .wouldBlock:
            isSocketDrained = true
            martlet_bio_retry_read(bio)
            return -1
        case .failed:
            return -1
        }
    }

    private func fetchEarly(into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        let count = min(early.count, buffer.count)
        early.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        early.removeFirst(count)
        return Int32(count)
    }

    /// Writes to the socket.
    func put(_ bytes: UnsafeRawBufferPointer, for bio: OpaquePointer) -> Int32 {
        martlet_bio_clear_retry(bio)
        switch Socket.write(descriptor, bytes) {
        case .bytes(let count):
            return Int32(count)
        case .wouldBlock:
            martlet_bio_retry_write(bio)
            return -1
        case .failed:
            return -1
        }
    }
}
