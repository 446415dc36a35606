/// Why a cache did not do what it was asked.
///
/// A ``Cache`` throws only what its caller can mend: a key or a value that no cache can take. A server that is down is a
/// miss.
public enum CacheError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The key is not one that Memcached could have.
    case invalidKey(key: String, reason: String)
    /// The value cannot become JSON.
    case notEncodable(key: String, reason: String)
    /// The value to be counted up is not a whole number from 0 on.
    case notANumber(key: String)
    /// The address of a server cannot be read.
    case invalidLocation(location: String, reason: String)
    /// The entry is larger than the back end takes; nothing is stored under the key now.
    case tooLarge(key: String, bytes: Int)
    /// The back end does not answer, or not in time.
    case unavailable(reason: String)

    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .invalidKey(let key, let reason):
            "The cache key \(key.debugDescription) cannot be used: \(reason)."
        case .notEncodable(let key, let reason):
            "The value for the cache key \(key.debugDescription) cannot be stored: \(reason)."
        case .notANumber(let key):
            "The value of the cache key \(key.debugDescription) cannot be counted: it is not a whole number from 0 on. "
                + "Store an Int first."
        case .invalidLocation(let location, let reason):
            "The cache location \(location.debugDescription) cannot be used: \(reason). "
                + "Write host:port, [IPv6 address]:port or unix:/path."
        case .tooLarge(let key, let bytes):
            "The value for the cache key \(key.debugDescription) has \(bytes) bytes, more than the cache takes. "
                + "Store less, or raise the limit (memcached -I)."
        case .unavailable(let reason):
            "The cache does not answer: \(reason)."
        }
    }
}
