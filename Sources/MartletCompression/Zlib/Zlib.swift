internal import CZlib

/// Bytes in the zlib format, compressed and expanded in one call.
///
/// ```swift
/// let packed = try Zlib.compress(text.utf8)
/// let bytes = try Zlib.decompress(packed, limit: 1 << 20)
/// ```
///
/// Source: [RFC 1950](https://www.rfc-editor.org/rfc/rfc1950); Python's `zlib.compress` and `zlib.decompress`.
public enum Zlib {
    /// The compressed bytes, with zlib's header and checksum.
    ///
    /// Versions of zlib may make different bytes of the same content; all of them read each other's.
    ///
    /// - Throws: ``CompressionError/Code/libraryFailed`` when there is no memory left.
    public static func compress(
        _ bytes: some Collection<UInt8>, level: CompressionLevel = .standard
    ) throws(CompressionError) -> [UInt8] {
        let source = Array(bytes)
        let bound = Int(compressBound(UInt(source.count)))
        var status = Z_OK
        let packed = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            var length = UInt(buffer.count)
            status = compress2(buffer.baseAddress, &length, source, UInt(source.count), level.rawValue)
            count = status == Z_OK ? Int(length) : 0
        }
        guard status == Z_OK else { throw .zlib("compressing \(source.count) bytes", status) }
        return packed
    }

    /// The content of compressed bytes.
    ///
    /// A few bytes can stand for gigabytes, so there is no call without a limit; memory is taken as the content grows.
    ///
    /// - Parameters:
    ///   - bytes: One whole zlib stream. Bytes after its end are refused: content has one spelling only.
    ///   - limit: How many bytes the content may have.
    /// - Throws: ``CompressionError`` for what is no zlib stream, ends too early, or has more content than `limit`.
    public static func decompress(
        _ bytes: some Collection<UInt8>, limit: Int
    ) throws(CompressionError) -> [UInt8] {
        let source = Array(bytes)
        let inflation = try Inflation(limit: limit)
        defer { inflation.end() }
        return try source.withUnsafeBufferPointer { source throws(CompressionError) in try inflation.content(of: source)
        }
    }
}

/// One zlib stream while it is read. Ended by its owner: zlib keeps memory behind it.
private struct Inflation {
    /// In one place for life: zlib compares the address with the one it was given first.
    private let stream: UnsafeMutablePointer<z_stream>
    private let limit: Int

    init(limit: Int) throws(CompressionError) {
        // One byte more than the limit is asked for, to tell the end of the content from the end of the room.
        self.limit = min(max(limit, 0), Int.max - 1)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw .zlib("expanding", status)
        }
    }

    func end() {
        inflateEnd(stream)
        stream.deallocate()
    }

    func content(of source: UnsafeBufferPointer<UInt8>) throws(CompressionError) -> [UInt8] {
        var content: [UInt8] = []
        // zlib only reads here; its type has no `const` unless it is built with ZLIB_CONST.
        var rest = UnsafeMutableBufferPointer(mutating: source)[...]
        var room = min(limit + 1, max(4 * source.count, 256))
        while true {
            let (piece, read, status) = inflate(rest, room: room)
            content += piece
            rest = rest.dropFirst(read)
            if content.count > limit {
                throw CompressionError(
                    .tooLong, "The content of the compressed bytes is longer than the \(limit) bytes that are allowed.")
            }
            switch status {
            case Z_STREAM_END:
                guard rest.isEmpty else {
                    throw CompressionError(.malformed, "Bytes follow the end of the zlib stream.")
                }
                return content
            case Z_OK, Z_BUF_ERROR:
                // No progress with room left: what is missing is input.
                guard read > 0 || !piece.isEmpty else {
                    throw CompressionError(.truncated, "The compressed bytes end before the zlib stream does.")
                }
            default: throw .zlib("expanding", status)
            }
            room = min(limit + 1 - content.count, 2 * content.count + 256)
        }
    }

    /// Expands into so many bytes at most.
    private func inflate(
        _ source: Slice<UnsafeMutableBufferPointer<UInt8>>, room: Int
    ) -> (content: [UInt8], read: Int, status: Int32) {
        let given = UInt32(clamping: source.count)
        stream.pointee.next_in = UnsafeMutableBufferPointer(rebasing: source).baseAddress
        stream.pointee.avail_in = given
        var status = Z_OK
        let content = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            let free = UInt32(clamping: room)
            stream.pointee.next_out = buffer.baseAddress
            stream.pointee.avail_out = free
            status = CZlib.inflate(stream, Z_NO_FLUSH)
            count = Int(free - stream.pointee.avail_out)
        }
        return (content, Int(given - stream.pointee.avail_in), status)
    }
}

extension CompressionError {
    /// What a status of zlib means.
    fileprivate static func zlib(_ operation: String, _ status: Int32) -> CompressionError {
        switch status {
        case Z_DATA_ERROR, Z_NEED_DICT:
            CompressionError(.malformed, "The bytes are no zlib stream, or have been changed.")
        case Z_MEM_ERROR: CompressionError(.libraryFailed, "zlib has no memory left for \(operation).")
        default: CompressionError(.libraryFailed, "zlib failed at \(operation) with status \(status).")
        }
    }
}
