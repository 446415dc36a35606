import CBrotli.Decoding
import CZlib

/// Reads what was compressed, by the libraries' own decoders.
package enum Decompression {
    /// The content of a stream.
    ///
    /// - Parameters:
    ///   - coding: `gzip`, `deflate` or `br`.
    ///   - isWhole: Whether the stream must have its end, and nothing behind it.
    /// - Throws: ``ProgramError`` for bytes that are no such stream.
    package static func content(of bytes: [UInt8], _ coding: String, isWhole: Bool = true) throws -> [UInt8] {
        let (content, hasEnded, left) =
            switch coding {
            case "br": try brotli(bytes)
            case "gzip": try zlib(bytes, windowBits: 15 + 16)
            default: try zlib(bytes, windowBits: 15)
            }
        guard !isWhole || (hasEnded && left == 0) else {
            throw ProgramError(
                description: "The stream has \(hasEnded ? "an end and \(left) bytes behind it" : "no end").")
        }
        return content
    }

    private static func zlib(_ bytes: [UInt8], windowBits: Int32) throws -> ([UInt8], Bool, Int) {
        var stream = z_stream()
        inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { inflateEnd(&stream) }
        var content: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 65_536)
        var status = Z_OK
        var source = bytes
        try source.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            repeat {
                let count = room.withUnsafeMutableBufferPointer { room in
                    stream.next_out = room.baseAddress
                    stream.avail_out = UInt32(room.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return room.count - Int(stream.avail_out)
                }
                content += room[..<count]
                guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) else {
                    throw ProgramError(description: "zlib says \(status) of the stream.")
                }
            } while status == Z_OK
        }
        return (content, status == Z_STREAM_END, Int(stream.avail_in))
    }

    private static func brotli(_ bytes: [UInt8]) throws -> ([UInt8], Bool, Int) {
        let decoder = BrotliDecoderCreateInstance(nil, nil, nil)
        defer { BrotliDecoderDestroyInstance(decoder) }
        var content: [UInt8] = []
        var result = BROTLI_DECODER_RESULT_ERROR
        var left = bytes.count
        bytes.withUnsafeBufferPointer { source in
            var next = source.baseAddress
            repeat {
                var room = 0
                result = BrotliDecoderDecompressStream(decoder, &left, &next, &room, nil, nil)
                while BrotliDecoderHasMoreOutput(decoder) != 0 {
                    var count = 0
                    let output = BrotliDecoderTakeOutput(decoder, &count)
                    content += UnsafeBufferPointer(start: output, count: count)
                }
            } while result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT
        }
        guard result != BROTLI_DECODER_RESULT_ERROR else {
            throw ProgramError(description: "Brotli says error \(BrotliDecoderGetErrorCode(decoder)) of the stream.")
        }
        return (content, result == BROTLI_DECODER_RESULT_SUCCESS, left)
    }
}
