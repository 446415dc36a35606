internal import CBrotli

/// A stream of Brotli.
struct BrotliEngine: CompressionEngine {
    /// `BrotliEncoderState`.
    private let encoder: OpaquePointer
    /// Metadata that is to be written before the content.
    private var padding: Int
    private(set) var hasEnded = false

    init(quality: UInt32, window: UInt32, padding: Int) throws(CompressionError) {
        guard let encoder = BrotliEncoderCreateInstance(nil, nil, nil) else {
            throw CompressionError(.libraryFailed, "Brotli cannot start a stream: there is no memory left.")
        }
        BrotliEncoderSetParameter(encoder, BROTLI_PARAM_QUALITY, quality)
        BrotliEncoderSetParameter(encoder, BROTLI_PARAM_LGWIN, window)
        self.encoder = encoder
        // libbrotli writes a single byte of metadata so that no reader can read on.
        self.padding = padding == 1 ? 2 : padding
    }

    mutating func run(_ bytes: [UInt8], _ step: CompressionStep) throws(CompressionError) -> [UInt8] {
        var output: [UInt8] = []
        if padding > 0 {
            output = try metadata(padding)
            padding = 0
        }
        switch step {
        case .process: try write(bytes, BROTLI_OPERATION_PROCESS, to: &output)
        case .flush: try write(bytes, BROTLI_OPERATION_FLUSH, to: &output)
        case .finish: try write(bytes, BROTLI_OPERATION_FINISH, to: &output)
        }
        hasEnded = step == .finish
        return output
    }

    /// A meta-block that is skipped by whoever reads the stream: RFC 7932 §9.2.
    private func metadata(_ count: Int) throws(CompressionError) -> [UInt8] {
        let content = [UInt8](repeating: UInt8(ascii: "a"), count: count)
        var isDone = false
        // With room for all of it, the encoder is done with it in one call; the heads take a few bytes.
        let output = [UInt8](unsafeUninitializedCapacity: count + 64) { buffer, written in
            content.withUnsafeBufferPointer { source in
                var (next, left) = (source.baseAddress, source.count)
                var (free, room) = (buffer.baseAddress, buffer.count)
                isDone =
                    BrotliEncoderCompressStream(
                        encoder, BROTLI_OPERATION_EMIT_METADATA, &left, &next, &room, &free, nil) != 0 && left == 0
                written = buffer.count - room
            }
        }
        guard isDone else { throw .brotli }
        return output
    }

    private func write(
        _ bytes: [UInt8], _ operation: BrotliEncoderOperation, to output: inout [UInt8]
    ) throws(CompressionError) {
        var isDone = true
        bytes.withUnsafeBufferPointer { source in
            var next = source.baseAddress
            var left = source.count
            var hasTaken = false
            repeat {
                // Without room for output the encoder keeps what it makes, and it is taken below.
                var room = 0
                isDone = BrotliEncoderCompressStream(encoder, operation, &left, &next, &room, nil, nil) != 0
                // What had waited may have kept the encoder from doing all that was asked, though no input is left.
                hasTaken = take(&output)
            } while isDone && (left > 0 || hasTaken)
        }
        guard isDone else { throw .brotli }
    }

    /// - Returns: Whether there was something to take.
    private func take(_ output: inout [UInt8]) -> Bool {
        var hasTaken = false
        while BrotliEncoderHasMoreOutput(encoder) != 0 {
            var count = 0
            guard let bytes = BrotliEncoderTakeOutput(encoder, &count), count > 0 else { break }
            output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
            hasTaken = true
        }
        return hasTaken
    }

    mutating func end() {
        BrotliEncoderDestroyInstance(encoder)
    }
}

extension CompressionError {
    fileprivate static var brotli: CompressionError {
        CompressionError(.libraryFailed, "Brotli failed at compressing.")
    }
}

extension CompressionLevel {
    /// A quality of Brotli that takes about as long as the level of zlib; beyond 9 it takes a hundred times as long.
    var brotliQuality: UInt32 {
        switch rawValue {
        case 1...3: 1
        case 4...7, -1: 4
        default: 9
        }
    }
}
