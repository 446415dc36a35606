internal import MartletCompression

/// Large values as `pymemcache.serde.CompressedSerde` stores them: zlib's format, with a bit in the flags.
extension CacheEntry {
    /// No value of a Memcached is larger than this, however it is set up.
    private static let largest = 128 << 20

    /// The entry compressed, where it is larger than that many bytes and becomes smaller.
    func packed(above limit: Int?) -> CacheEntry {
        guard let limit, bytes.count > limit, !flags.contains(.compressed),
            let packed = try? Zlib.compress(bytes), packed.count < bytes.count
        else { return self }
        return CacheEntry(bytes: packed, flags: flags.union(.compressed))
    }

    /// The entry as it was before; bytes that are not compressed in spite of the bit stay as they are.
    var unpacked: CacheEntry {
        guard flags.contains(.compressed), let plain = try? Zlib.decompress(bytes, limit: Self.largest) else {
            return self
        }
        return CacheEntry(bytes: plain, flags: flags.subtracting(.compressed))
    }
}
