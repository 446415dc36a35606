internal import COpenSSL

/// Compares two secrets in a time that tells nothing about where they differ.
///
/// The lengths are not secret: different lengths are unequal at once.
///
/// Source: `CRYPTO_memcmp(3)`; Django's `constant_time_compare`.
public func constantTimeEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    let left = Array(left)
    let right = Array(right)
    return left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
