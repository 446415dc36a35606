/// The content of a request: read once, as a stream of chunks or collected.
///
/// ```swift
/// let bytes = try await request.body.collect(upTo: 1_000_000)
/// for try await chunk in request.body { … }
/// ```
public struct RequestBody: Sendable, AsyncSequence {
    /// Where the chunks come from: the connection, or bytes in memory.
    package protocol Source: AnyObject, Sendable {
        /// The next chunk; `nil` at the end.
        func next() async throws -> [UInt8]?
    }

    private enum Storage: Sendable {
        case bytes([UInt8])
        case source(any Source)
    }

    private let storage: Storage

    /// The length the client has declared, in bytes; `nil` for a chunked body.
    public let contentLength: Int?

    /// The most bytes that ``collect()`` takes: 2.5 MB unless the server's settings or the route say otherwise.
    public var collectLimit = RequestBody.defaultCollectLimit

    /// 2.5 MB, as Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    public static let defaultCollectLimit = 2_621_440

    /// A body that is in memory.
    public init(_ bytes: [UInt8] = []) {
        storage = .bytes(bytes)
        contentLength = bytes.count
    }

    /// A body that a connection delivers.
    ///
    /// - Parameters:
    ///   - contentLength: The declared length in bytes; `nil` for a chunked body.
    ///   - collectLimit: The most bytes that ``collect()`` takes.
    package init(source: any Source, contentLength: Int?, collectLimit: Int = RequestBody.defaultCollectLimit) {
        storage = .source(source)
        self.contentLength = contentLength
        self.collectLimit = collectLimit
    }

    /// Reads the whole body into memory, up to ``collectLimit``.
    ///
    /// - Throws: ``HTTPError`` 413 when the body is longer.
    public func collect() async throws -> [UInt8] {
        try await collect(upTo: collectLimit)
    }

    /// Reads the whole body into memory.
    ///
    /// - Parameter limit: The most bytes to take.
    /// - Throws: ``HTTPError`` 413 when the body is longer than `limit`.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        if let contentLength, contentLength > limit { throw Self.tooLarge(limit) }
        switch storage {
        case .bytes(let bytes):
            return bytes
        case .source(let source):
            var collected: [UInt8] = []
            while let chunk = try await source.next() {
                guard collected.count + chunk.count <= limit else { throw Self.tooLarge(limit) }
                if collected.isEmpty { collected = chunk } else { collected += chunk }
            }
            return collected
        }
    }

    private static func tooLarge(_ limit: Int) -> HTTPError {
        HTTPError(.contentTooLarge, "The request body is larger than the limit of \(limit) bytes.")
    }

    /// Iterates over the chunks as they arrive.
    public func makeAsyncIterator() -> AsyncIterator {
        switch storage {
        case .bytes(let bytes): AsyncIterator(bytes: bytes.isEmpty ? nil : bytes, source: nil)
        case .source(let source): AsyncIterator(bytes: nil, source: source)
        }
    }

    /// Delivers the chunks of a body.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var bytes: [UInt8]?
        fileprivate let source: (any Source)?

        /// The next chunk; `nil` at the end.
        public mutating func next() async throws -> [UInt8]? {
            if let bytes {
                self.bytes = nil
                return bytes
            }
            return try await source?.next()
        }
    }
}
