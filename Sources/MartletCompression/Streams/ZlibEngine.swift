internal import CZlib

/// A stream of gzip or zlib.
struct ZlibEngine: CompressionEngine {
    /// In one place for life: zlib compares the address with the one it was given first.
    private let stream: UnsafeMutablePointer<z_stream>
    /// The header of a gzip stream with its name, which zlib reads when it writes the first bytes.
    private var header: UnsafeMutablePointer<gz_header>?
    private var name: UnsafeMutablePointer<UInt8>?
    /// Empty blocks that are to be put behind the two bytes of a zlib header.
    private var emptyBlocks = 0
    private(set) var hasEnded = false

    init(
        level: CompressionLevel, windowBits: Int32, memory: CompressionMemory, gzipPadding: Int = 0,
        zlibPadding: Int = 0
    ) throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, level.rawValue, Z_DEFLATED, windowBits, memory.zlibMemory, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw CompressionError(.libraryFailed, "zlib cannot start a stream (status \(status)).")
        }
        emptyBlocks = zlibPadding / Self.emptyBlock.count
        if gzipPadding > 0 { setName(length: gzipPadding) }
    }

    /// A stored block without content that is not the last: RFC 1951 §3.2.4.
    private static let emptyBlock: [UInt8] = [0x00, 0x00, 0x00, 0xFF, 0xFF]

    /// The name and the byte that ends it are as long as the padding; the time stays zero, so that the same content makes the
    /// same bytes.
    private mutating func setName(length: Int) {
        let name = UnsafeMutablePointer<UInt8>.allocate(capacity: length)
        name.initialize(repeating: UInt8(ascii: "a"), count: length)
        name[length - 1] = 0
        let header = UnsafeMutablePointer<gz_header>.allocate(capacity: 1)
        header.initialize(to: gz_header())
        header.pointee.name = name
        // 255: the operating system is not told.
        header.pointee.os = 255
        deflateSetHeader(stream, header)
        (self.name, self.header) = (name, header)
    }

    mutating func run(_ bytes: [UInt8], _ step: CompressionStep) throws(CompressionError) -> [UInt8] {
        let flush =
            switch step {
            case .process: Z_NO_FLUSH
            case .flush: Z_SYNC_FLUSH
            case .finish: Z_FINISH
            }
        var output: [UInt8] = []
        var status = Z_OK
        bytes.withUnsafeBufferPointer { source in
            // zlib only reads here; its type has no `const` unless it is built with ZLIB_CONST.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            stream.pointee.avail_in = UInt32(clamping: source.count)
            repeat {
                output.append(contentsOf: piece(flush, &status))
            } while status == Z_OK && (stream.pointee.avail_out == 0 || step == .finish)
        }
        // No progress is no failure: there was nothing left to flush.
        guard status == Z_OK || status == Z_BUF_ERROR || status == Z_STREAM_END else {
            throw CompressionError(.libraryFailed, "zlib failed at compressing with status \(status).")
        }
        hasEnded = status == Z_STREAM_END
        return padded(output)
    }

    private func piece(_ flush: Int32, _ status: inout Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.room) { buffer, count in
            stream.pointee.next_out = buffer.baseAddress
            stream.pointee.avail_out = UInt32(buffer.count)
            status = deflate(stream, flush)
            count = buffer.count - Int(stream.pointee.avail_out)
        }
    }

    private mutating func padded(_ output: [UInt8]) -> [UInt8] {
        guard emptyBlocks > 0, output.count >= 2 else { return output }
        defer { emptyBlocks = 0 }
        let blocks = repeatElement(Self.emptyBlock, count: emptyBlocks).joined()
        return Array(output[..<2]) + blocks + output[2...]
    }

    mutating func end() {
        deflateEnd(stream)
        stream.deallocate()
        header?.deallocate()
        name?.deallocate()
    }
}
