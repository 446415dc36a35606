/// The content of a response: nothing, bytes in memory, parts of files, or a stream; or another protocol that takes the
/// connection over.
public struct ResponseBody: Sendable {
    /// How the server sees a body.
    package enum Storage: Sendable {
        case bytes([UInt8])
        case parts([Part])
        case stream(length: Int?, @Sendable (ResponseBodyWriter) async throws -> Void)
        /// The connection leaves HTTP once the head is sent; goes with status 101 only.
        case upgrade(@Sendable (any UpgradedConnection) async throws -> Void)
    }

    package let storage: Storage

    private init(storage: Storage) {
        self.storage = storage
    }

    /// No content.
    public static let empty = ResponseBody(storage: .bytes([]))

    /// Bytes in memory; the length is known.
    public static func bytes(_ bytes: [UInt8]) -> ResponseBody {
        ResponseBody(storage: .bytes(bytes))
    }

    /// A piece of content whose length is known.
    public enum Part: Sendable {
        /// Bytes in memory.
        case bytes([UInt8])
        /// A part of an open file.
        case file(FileRegion)

        /// The length in bytes.
        public var length: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(let region): region.range.count
            }
        }
    }

    /// An open file or a part of it, which the system sends without copying it through memory where it can.
    ///
    /// The length is that of the moment the file was opened; when the file becomes shorter before it is sent, the
    /// connection is cut.
    ///
    /// - Parameter range: All of the file unless told.
    public static func file(_ file: OpenFile, _ range: Range<Int>? = nil) -> ResponseBody {
        .parts([.file(FileRegion(file, range))])
    }

    /// Bytes and parts of files, one after the other.
    public static func parts(_ parts: [Part]) -> ResponseBody {
        ResponseBody(storage: .parts(parts))
    }

    /// Content that is written piece by piece, with back-pressure: a write returns when the connection can take more.
    ///
    /// - Parameters:
    ///   - length: The length in bytes when it is known; otherwise the body is sent chunked.
    ///   - write: Writes the content.
    public static func stream(
        length: Int? = nil, _ write: @escaping @Sendable (ResponseBodyWriter) async throws -> Void
    ) -> ResponseBody {
        ResponseBody(storage: .stream(length: length, write))
    }

    /// Hands the connection over to another protocol, after a head with status 101.
    ///
    /// - Parameter run: Speaks the protocol; the connection closes when it returns.
    package static func upgrade(
        _ run: @escaping @Sendable (any UpgradedConnection) async throws -> Void
    ) -> ResponseBody {
        ResponseBody(storage: .upgrade(run))
    }

    /// The bytes, when all of them are in memory; middleware that compresses or compares asks for them.
    public var bytes: [UInt8]? {
        if case .bytes(let bytes) = storage { bytes } else { nil }
    }

    /// The length in bytes; `nil` when only the stream knows.
    public var length: Int? {
        switch storage {
        case .bytes(let bytes): bytes.count
        case .parts(let parts): parts.reduce(0) { $0 + $1.length }
        case .stream(let length, _): length
        case .upgrade: 0
        }
    }

    /// Reads the whole body into memory, as the in-process test client does.
    ///
    /// - Throws: ``FileError`` when a file cannot be read; what a stream throws.
    public func collect() async throws -> [UInt8] {
        switch storage {
        case .bytes(let bytes):
            return bytes
        case .parts(let parts):
            var collected: [UInt8] = []
            for part in parts {
                switch part {
                case .bytes(let bytes): collected += bytes
                case .file(let region): collected += try await region.file.read(region.range)
                }
            }
            return collected
        case .stream(_, let write):
            let collector = Collector()
            try await write(ResponseBodyWriter { await collector.append($0) })
            return await collector.bytes
        case .upgrade:
            return []
        }
    }

    private actor Collector {
        private(set) var bytes: [UInt8] = []

        func append(_ chunk: [UInt8]) { bytes += chunk }
    }
}

/// Takes the pieces of a streamed response.
public struct ResponseBodyWriter: Sendable {
    private let send: @Sendable ([UInt8]) async throws -> Void

    /// Returns when the server begins to stop; waits for ever where none runs, until the task is cancelled.
    package let serverStops: @Sendable () async -> Void

    /// Makes a writer that hands each piece to `send`.
    package init(
        serverStops: @escaping @Sendable () async -> Void = ResponseBodyWriter.neverStops,
        _ send: @escaping @Sendable ([UInt8]) async throws -> Void
    ) {
        self.serverStops = serverStops
        self.send = send
    }

    /// Waits until the task is cancelled.
    package static let neverStops: @Sendable () async -> Void = {
        let (never, _) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
    }

    /// Sends bytes; returns when the connection can take more.
    ///
    /// - Throws: `CancellationError` or a connection error when the client has gone away.
    public func write(_ bytes: [UInt8]) async throws {
        try await send(bytes)
    }

    /// Sends text as UTF-8.
    public func write(_ text: String) async throws {
        try await send(Array(text.utf8))
    }
}
