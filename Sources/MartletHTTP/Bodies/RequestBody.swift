/// The content of a request: collected up to a limit, or read once as a stream of chunks.
///
/// ```swift
/// let bytes = try await request.body.collect()
/// for try await chunk in request.body { … }
/// ```
///
/// What is not asked for stays with the client: a slow reader slows it down.
public struct RequestBody: Sendable, AsyncSequence {
    /// Where the chunks come from: a connection.
    package protocol Source: AnyObject, Sendable {
        /// The next chunk, which is not empty; `nil` at the end.
        func next() async throws -> [UInt8]?
    }

    private enum Storage: Sendable {
        case bytes([UInt8])
        case delivery(BodyDelivery)
    }

    private let storage: Storage

    /// The length the client has declared, in bytes; `nil` for a chunked body.
    public let contentLength: Int?

    /// What holds for the body; `nil` until somebody says so.
    var ownRules: BodyRules?

    /// The limits, and whose they are.
    package var rules: BodyRules {
        get { ownRules ?? .standard }
        set { ownRules = newValue }
    }

    /// A body that is in memory.
    public init(_ bytes: [UInt8] = []) {
        storage = .bytes(bytes)
        contentLength = bytes.count
    }

    /// No body, on a server with its own limits.
    package init(rules: BodyRules) {
        self.init()
        ownRules = rules
    }

    /// A body that a connection delivers.
    ///
    /// - Parameters:
    ///   - contentLength: The declared length in bytes; `nil` for a chunked body.
    ///   - rules: The limits of the server.
    package init(source: any Source, contentLength: Int?, rules: BodyRules = .standard) {
        storage = .delivery(BodyDelivery(source))
        self.contentLength = contentLength
        ownRules = rules
    }

    /// Reads the whole body into memory, up to ``RequestLimits/collectedBytes``: 2.5 MB unless the server or the route
    /// says otherwise. Asked for again, it returns the same bytes.
    ///
    /// - Throws: ``HTTPError`` 413 when the body is longer.
    public func collect() async throws -> [UInt8] {
        try await collect(upTo: rules.limits.collectedBytes)
    }

    /// Reads the whole body into memory.
    ///
    /// - Parameter limit: The most bytes to take; ``RequestLimits/bodyBytes`` holds beside it.
    /// - Throws: ``HTTPError`` 413 when the body is longer than `limit`.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        try checkDeclaredLength()
        if let contentLength, contentLength > limit { throw rules.collectionTooLarge(limit) }
        return switch storage {
        case .bytes(let bytes): bytes
        case .delivery(let delivery): try await delivery.collect(upTo: limit, rules)
        }
    }

    /// Refuses a body whose declared length is over the limit of any body, before it is read.
    ///
    /// - Throws: ``HTTPError`` 413.
    package func checkDeclaredLength() throws(HTTPError) {
        if let contentLength, contentLength > rules.limits.bodyBytes { throw rules.bodyTooLarge }
    }

    /// The form that the body has turned out to be, for all copies of the request; only where it cannot be read again.
    var form: FormFields? {
        if case .delivery(let delivery) = storage { delivery.form } else { nil }
    }

    /// The whole body, if it is in memory; reads nothing.
    var collected: [UInt8]? {
        switch storage {
        case .bytes(let bytes): bytes
        case .delivery(let delivery): delivery.collected
        }
    }

    func keep(_ form: FormFields) {
        if case .delivery(let delivery) = storage { delivery.form = form }
    }

    /// Iterates over the chunks as they arrive.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(self)
    }

    /// Delivers the chunks of a body.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        private let body: RequestBody
        private var hasBegun = false

        fileprivate init(_ body: RequestBody) {
            self.body = body
        }

        /// The next chunk, up to 64 KB; `nil` at the end.
        ///
        /// - Throws: ``HTTPError`` 413 beyond ``RequestLimits/bodyBytes``, 400 for a body that breaks off or is broken,
        ///   408 for one that comes too slowly; an error when the body was read to its end before.
        public mutating func next() async throws -> [UInt8]? {
            let isFirst = !hasBegun
            hasBegun = true
            if isFirst { try body.checkDeclaredLength() }
            switch body.storage {
            case .bytes(let bytes): return isFirst && !bytes.isEmpty ? bytes : nil
            case .delivery(let delivery): return try await delivery.next(body.rules, isFirst: isFirst)
            }
        }
    }
}
