internal import COpenSSL

/// How OpenSSL reaches a session's socket.
///
/// OpenSSL's own way writes without `MSG_NOSIGNAL`, so that a client that has gone would end the process, and does not
/// tell whether a read has emptied the socket.
///
/// `@unchecked Sendable`: the method is not changed after the initializer.
final class SocketMethod: @unchecked Sendable {
    private let method: OpaquePointer

    init() throws(TLSError) {
        ErrorQueue.clear()
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "martlet socket") else {
            throw .libraryFailed(reason: ErrorQueue.takeReason())
        }
        self.method = method
        BIO_meth_set_read(method) { bio, buffer, count in
            guard let bio, let buffer, count > 0 else { return 0 }
            let memory = UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
            return SocketMethod.session(of: bio).fetch(into: memory, for: bio)
        }
        BIO_meth_set_write(method) { bio, bytes, count in
            guard let bio, let bytes, count > 0 else { return 0 }
            return SocketMethod.session(of: bio).put(UnsafeRawBufferPointer(start: bytes, count: Int(count)), for: bio)
        }
        BIO_meth_set_ctrl(method) { bio, command, _, _ in
            switch command {
            // Nothing is held back.
            case BIO_CTRL_FLUSH: 1
            case BIO_CTRL_EOF: bio.map { SocketMethod.session(of: $0).isAtEnd } == true ? 1 : 0
            default: 0
            }
        }
    }

    deinit { BIO_meth_free(method) }

    /// Makes the two ends of a session's socket one object of OpenSSL, which belongs to whom it is given.
    func attach(_ session: TLSSession) -> OpaquePointer? {
        guard let bio = BIO_new(method) else { return nil }
        // Unretained: the session frees the object with itself.
        BIO_set_data(bio, Unmanaged.passUnretained(session).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    private static func session(of bio: OpaquePointer) -> TLSSession {
        // Set by `attach` before anything can call, and never changed.
        Unmanaged<TLSSession>.fromOpaque(BIO_get_data(bio)).takeUnretainedValue()
    }
}
