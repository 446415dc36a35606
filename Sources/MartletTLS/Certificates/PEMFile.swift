internal import COpenSSL
import Glibc

/// The content of a PEM file, read one block after the other.
final class PEMFile {
    private let file: String
    private let blocks: OpaquePointer

    /// A file larger than this, in bytes, holds no certificate or key.
    private static let largestSize = 1 << 20

    init(_ file: String) throws(TLSError) {
        self.file = file
        let bytes = try Self.read(file)
        ErrorQueue.clear()
        guard let blocks = BIO_new(BIO_s_mem()) else { throw .libraryFailed(reason: ErrorQueue.takeReason()) }
        self.blocks = blocks
        // At the end the reader is to see an end, not a wish to be called again.
        BIO_ctrl(blocks, BIO_C_SET_BUF_MEM_EOF_RETURN, 0, nil)
        guard bytes.isEmpty || BIO_write(blocks, bytes, Int32(bytes.count)) == Int32(bytes.count) else {
            throw .libraryFailed(reason: ErrorQueue.takeReason())
        }
    }

    deinit { BIO_free(blocks) }

    /// The next certificate; blocks of other kinds are passed over.
    func nextCertificate() -> OpaquePointer? {
        defer { ErrorQueue.clear() }
        return PEM_read_bio_X509(blocks, nil, nil, nil)
    }

    /// The first private key.
    func key() throws(TLSError) -> OpaquePointer {
        var wasAskedForPassword = false
        defer { ErrorQueue.clear() }
        let key = withUnsafeMutablePointer(to: &wasAskedForPassword) { asked in
            // Without an answer of ours OpenSSL would ask at the terminal.
            PEM_read_bio_PrivateKey(
                blocks, nil,
                { _, _, _, asked in
                    asked?.assumingMemoryBound(to: Bool.self).pointee = true
                    return -1
                }, asked)
        }
        if let key { return key }
        throw wasAskedForPassword ? .keyHasPassword(file: file) : .noKey(file: file)
    }

    private static func read(_ file: String) throws(TLSError) -> [UInt8] {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(file) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(file) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= largestSize else {
                throw .unreadable(file: file, reason: "it is larger than 1 MB")
            }
        }
    }

    private static func unreadable(_ file: String) -> TLSError {
        .unreadable(file: file, reason: String(cString: strerror(errno)))
    }
}
