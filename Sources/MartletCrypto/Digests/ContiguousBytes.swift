extension Collection<UInt8> {
    /// Calls `body` with the bytes in one piece; copies them only where they are not stored so.
    func withContiguousBytes<R>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(CryptoError) -> R
    ) throws(CryptoError) -> R {
        let result = withContiguousStorageIfAvailable { bytes -> Result<R, CryptoError> in
            do throws(CryptoError) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        if let result { return try result.get() }
        return try Array(self).withContiguousBytes(body)
    }
}
