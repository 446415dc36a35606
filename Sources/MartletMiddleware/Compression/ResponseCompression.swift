import MartletCompression
public import MartletHTTP
import MartletRouting

/// Compresses answers for clients that accept it: Brotli, gzip or deflate.
///
/// | answer | is |
/// | --- | --- |
/// | content in memory, 200 bytes or more | compressed, where that makes it shorter |
/// | a stream | compressed piece by piece; what the view writes reaches the client at once, as events must |
/// | a whole file | compressed as a stream; put `.br` and `.gz` files beside it to save the work, see `serveStatic` |
/// | a part of a file, 204, 304 | left alone |
/// | of a type that is compressed already, such as a picture | left alone |
/// | encoded already, or `Cache-Control: no-transform` | left alone |
///
/// `Vary: Accept-Encoding` is added wherever the choice depends on the client. A strong `ETag` becomes a weak one.
///
/// A secret within a page that also repeats what the request says can be guessed from the lengths of compressed answers
/// (BREACH). A random number of up to 100 bytes in every answer makes that much harder: the name of a file in gzip, metadata
/// in Brotli, empty blocks in deflate. CSRF tokens, which are masked anew each time, cannot be guessed so.
/// ``MartletRouting/Route/uncompressed()`` leaves a route out.
///
/// Source: Django, [`GZipMiddleware`](https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.gzip);
/// [Heal the Breach](https://ieeexplore.ieee.org/document/9754554).
public struct ResponseCompression: OrderedMiddleware {
    private let codings: [ContentCoding]
    private let minimumLength: Int
    private let level: CompressionLevel
    private let padding: @Sendable () -> Int

    /// Makes the layer.
    ///
    /// - Parameters:
    ///   - codings: What is offered, the best first; of those that a client wants equally the first is taken.
    ///   - minimumLength: Shorter content, in bytes, is left alone.
    ///   - level: How much work goes into it.
    ///   - maxRandomBytes: Below which number the length of the padding is, drawn for each answer; 0 for none.
    public init(
        codings: [ContentCoding] = [.brotli, .gzip, .deflate], minimumLength: Int = 200,
        level: CompressionEffort = .standard, maxRandomBytes: Int = 100
    ) {
        self.init(codings: codings, minimumLength: minimumLength, level: level) {
            // The system's generator: what can be foreseen hides nothing.
            maxRandomBytes > 0 ? Int.random(in: 0..<maxRandomBytes) : 0
        }
    }

    init(
        codings: [ContentCoding] = [.brotli, .gzip, .deflate], minimumLength: Int = 200,
        level: CompressionEffort = .standard, padding: @escaping @Sendable () -> Int
    ) {
        self.codings = codings.filter { CompressionFormat($0) != nil }
        self.minimumLength = minimumLength
        self.level = level.level
        self.padding = padding
    }

    /// The content has to be as it stays.
    public static let order: [MiddlewareOrder] = [
        .outside(ConditionalGet.self, because: "an ETag is made of the content before it is compressed"),
        .inside(RequestLog.self, because: "the log tells how many bytes are sent"),
    ]

    /// Answers the request, and compresses the answer.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        var response = try await next(request)
        guard isWorthIt(response), request.route?.storage[UncompressedRoute.self] != true else { return response }
        response.headers.addVary(.acceptEncoding)
        let coding = request.acceptedCodings.best(among: codings)
        guard let format = CompressionFormat(coding) else { return response }
        guard let body = try await compressed(response, format) else { return response }
        response.body = body
        response.describeAsCompressed(coding)
        return response
    }

    private func isWorthIt(_ response: Response) -> Bool {
        if let length = response.body.length, length < minimumLength { return false }
        let status = response.status
        guard status != .noContent, status != .notModified, status != .partialContent, status.code >= 200,
            !response.headers.contains(.contentEncoding), !response.headers.contains(.contentRange),
            let type = response.headers[.contentType], CompressibleTypes.contains(type)
        else { return false }
        return !response.headers.values(.cacheControl).contains { $0.lowercased().contains("no-transform") }
    }

    /// - Returns: `nil` when the content would not become shorter.
    private func compressed(_ response: Response, _ format: CompressionFormat) async throws -> ResponseBody? {
        if let bytes = response.body.bytes {
            let compressor = try StreamCompressor(format, level: level, padding: padding())
            let compressed = try await compressor.whole(bytes)
            return compressed.count < bytes.count ? .bytes(compressed) : nil
        }
        // Many event streams stay open for long, and each keeps its memory.
        let isEventStream = response.headers[.contentType]?.hasPrefix("text/event-stream") ?? false
        let compressor = try StreamCompressor(
            format, level: level, memory: isEventStream ? .small : .standard, padding: padding())
        return response.body.compressed(by: compressor)
    }
}

/// How much work goes into compressing answers.
public struct CompressionEffort: Sendable, Hashable {
    let level: CompressionLevel

    /// As Django: level 6 of gzip, and what takes about as long in Brotli.
    public static let standard = CompressionEffort(level: .standard)
    /// Least work.
    public static let fastest = CompressionEffort(level: .fastest)
    /// Fewest bytes.
    public static let smallest = CompressionEffort(level: .smallest)
}

extension CompressionFormat {
    fileprivate init?(_ coding: ContentCoding) {
        switch coding {
        case .brotli: self = .brotli
        case .gzip: self = .gzip
        case .deflate: self = .zlib
        default: return nil
        }
    }
}

extension Response {
    /// Ranges would count bytes of another representation, and the server finds out the length.
    fileprivate mutating func describeAsCompressed(_ coding: ContentCoding) {
        headers.setUnchecked(.contentEncoding, coding.description)
        headers.remove(.contentLength)
        headers.remove(.acceptRanges)
        if let tag = headers[.eTag], tag.hasPrefix("\"") { headers.setUnchecked(.eTag, "W/" + tag) }
    }
}
