import Synchronization

/// Compresses bytes that come piece by piece.
///
/// ```swift
/// let compressor = try StreamCompressor(.gzip)
/// var sent = try compressor.compress(first, flush: true)      // the other end can read all of `first`
/// sent += try compressor.compress(second)                     // some of it may wait for more
/// sent += try compressor.finish()
/// ```
///
/// The library's memory is given back with the object.
public final class StreamCompressor: Sendable {
    /// Held while a piece is compressed; the pieces of one stream come one after the other anyway.
    private let engine: Mutex<any CompressionEngine>

    /// Starts a stream.
    ///
    /// - Parameters:
    ///   - format: The format.
    ///   - level: How much work goes into it; Brotli's 0 to 11 are chosen to be about as fast as zlib's.
    ///   - memory: How much the library may keep for the stream while it lasts.
    ///   - padding: How many bytes, about, the stream is made longer by, without any meaning: where an attacker sees lengths,
    ///     a random number here hides what compression tells of the content (the attack called BREACH). gzip holds them as
    ///     the name of a file, Brotli as metadata, zlib, in steps of five, as empty blocks.
    /// - Throws: ``CompressionError/Code/libraryFailed`` when there is no memory left.
    public init(
        _ format: CompressionFormat, level: CompressionLevel = .standard, memory: CompressionMemory = .standard,
        padding: Int = 0
    ) throws(CompressionError) {
        let padding = min(max(padding, 0), 1_000)
        switch format.kind {
        case .brotli:
            engine = Mutex(
                try BrotliEngine(quality: level.brotliQuality, window: memory.brotliWindow, padding: padding))
        case .gzip:
            engine = Mutex(
                try ZlibEngine(level: level, windowBits: memory.zlibWindow + 16, memory: memory, gzipPadding: padding))
        case .zlib:
            engine = Mutex(
                try ZlibEngine(level: level, windowBits: memory.zlibWindow, memory: memory, zlibPadding: padding))
        }
    }

    deinit {
        engine.withLock { $0.end() }
    }

    /// Compresses a piece.
    ///
    /// - Parameter flush: Whether all that was given so far can be read at the other end, at the price of some bytes.
    /// - Returns: What is to be sent; it may be nothing without `flush`.
    /// - Throws: ``CompressionError``; after ``finish()``, too.
    public func compress(_ bytes: [UInt8], flush: Bool = false) throws(CompressionError) -> [UInt8] {
        try run(bytes, flush ? .flush : .process)
    }

    /// Ends the stream.
    ///
    /// - Returns: The rest of it.
    /// - Throws: As ``compress(_:flush:)``.
    public func finish() throws(CompressionError) -> [UInt8] {
        try run([], .finish)
    }

    /// zlib counts in 32 bits.
    private static let mostAtOnce = 1 << 30

    private func run(_ bytes: [UInt8], _ step: CompressionStep) throws(CompressionError) -> [UInt8] {
        try engine.withLock { engine throws(CompressionError) in
            guard !engine.hasEnded else {
                throw CompressionError(.libraryFailed, "The stream has ended. Begin another StreamCompressor.")
            }
            guard bytes.count > Self.mostAtOnce else { return try engine.run(bytes, step) }
            var output: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: Self.mostAtOnce) {
                output += try engine.run(Array(bytes[start..<min(start + Self.mostAtOnce, bytes.count)]), .process)
            }
            return try output + engine.run([], step)
        }
    }
}

/// What a library is asked for with a piece.
enum CompressionStep: Sendable {
    case process, flush, finish
}

/// One stream of a library.
protocol CompressionEngine {
    /// Whether the stream was finished.
    var hasEnded: Bool { get }
    /// Takes all of the bytes, and gives what the library has ready.
    mutating func run(_ bytes: [UInt8], _ step: CompressionStep) throws(CompressionError) -> [UInt8]
    /// Gives the library's memory back; called once.
    mutating func end()
}

extension CompressionEngine {
    /// How much room for output is made at a time.
    static var room: Int { 16_384 }
}
