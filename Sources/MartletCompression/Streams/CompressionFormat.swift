/// A format of compressed bytes.
public struct CompressionFormat: Sendable, Hashable {
    enum Kind: Sendable {
        case gzip, zlib, brotli
    }

    let kind: Kind

    /// gzip: [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952).
    public static let gzip = CompressionFormat(kind: .gzip)
    /// zlib, which HTTP calls `deflate`: [RFC 1950](https://www.rfc-editor.org/rfc/rfc1950).
    public static let zlib = CompressionFormat(kind: .zlib)
    /// Brotli: [RFC 7932](https://www.rfc-editor.org/rfc/rfc7932).
    public static let brotli = CompressionFormat(kind: .brotli)
}

/// How much memory a stream may keep while it lasts.
public struct CompressionMemory: Sendable, Hashable {
    let zlibWindow: Int32
    let zlibMemory: Int32
    let brotliWindow: UInt32

    /// About 256 KB for gzip and zlib, up to a megabyte or two for Brotli: for streams that end soon.
    public static let standard = CompressionMemory(zlibWindow: 15, zlibMemory: 8, brotliWindow: 18)
    /// About 32 KB for gzip and zlib, and less than Brotli would take otherwise: for many streams that stay open.
    public static let small = CompressionMemory(zlibWindow: 12, zlibMemory: 5, brotliWindow: 12)
}
