import MartletCompression
import MartletHTTP

extension StreamCompressor {
    /// Compresses content that is there as a whole; a long one with pauses, in which its worker serves others.
    nonisolated(nonsending) func whole(_ bytes: [UInt8]) async throws -> [UInt8] {
        guard bytes.count > Self.pieceLength else { return try compress(bytes) + finish() }
        var compressed: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: Self.pieceLength) {
            compressed += try compress(Array(bytes[start..<min(start + Self.pieceLength, bytes.count)]))
            await Task.yield()
        }
        return try compressed + finish()
    }

    /// About a millisecond of work.
    static let pieceLength = 65_536
}

extension ResponseBody {
    /// The content of a stream or of files, compressed while it is sent.
    func compressed(by compressor: StreamCompressor) -> ResponseBody {
        switch storage {
        case .stream(_, let write):
            .stream { writer in
                // Tasks of one view may write at once, and what was compressed first must be sent first.
                let turns = WriteTurns()
                try await write(
                    ResponseBodyWriter(serverStops: writer.serverStops) { bytes in
                        await turns.take()
                        defer { turns.give() }
                        // Whatever a view writes is to reach the client now, such as an event.
                        try await writer.send(try compressor.compress(bytes, flush: true))
                    })
                try await writer.send(try compressor.finish())
            }
        case .parts(let parts):
            .stream { writer in
                for part in parts { try await part.compress(by: compressor, to: writer) }
                try await writer.send(try compressor.finish())
            }
        case .bytes, .upgrade: self
        }
    }
}

extension ResponseBody.Part {
    fileprivate func compress(by compressor: StreamCompressor, to writer: ResponseBodyWriter) async throws {
        switch self {
        case .bytes(let bytes):
            try await writer.send(try compressor.compress(bytes))
        case .file(let region):
            for start in stride(
                from: region.range.lowerBound, to: region.range.upperBound, by: StreamCompressor.pieceLength)
            {
                let end = min(start + StreamCompressor.pieceLength, region.range.upperBound)
                try await writer.send(try compressor.compress(try await region.file.read(start..<end)))
            }
        }
    }
}

extension ResponseBodyWriter {
    /// An empty piece would end a chunked body.
    fileprivate func send(_ bytes: [UInt8]) async throws {
        if !bytes.isEmpty { try await write(bytes) }
    }
}
