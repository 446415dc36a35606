public import FoundationEssentials

/// The name of a value in a cache.
///
/// ```swift
/// CacheKey("blog", "post", post.id, "comments")   // blog:post:7:comments
/// let key: CacheKey = "tag-cloud"
/// ```
public struct CacheKey: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The key without the cache's prefix and version.
    public let description: String

    /// Why the key cannot be used; told when it is.
    let fault: String?

    /// Makes a key of any text.
    public init(_ key: String) {
        description = key
        fault = nil
    }

    init(_ key: String, fault: String?) {
        description = key
        self.fault = fault
    }

    /// Makes a key of any text.
    public init(stringLiteral key: String) { self.init(key) }

    /// Makes a key of four parts: `{app}:{model}:{identifier}:{field}`.
    ///
    /// A part that is empty or has a colon could make two different keys equal, so it is an error when the key is used.
    public init(_ app: String, _ model: String, _ identifier: some CacheIdentifier, _ field: String) {
        let parts = [app, model, identifier.cacheIdentifier, field]
        description = parts.joined(separator: ":")
        let wrong = parts.first { $0.isEmpty || $0.utf8.contains(0x3A) }
        fault = wrong.map { $0.isEmpty ? "one of its parts is empty" : "its part \($0.debugDescription) has a colon" }
    }

    /// The key as the server has it: `prefix:version:key`.
    ///
    /// - Throws: ``CacheError/invalidKey(key:reason:)`` for more than 250 bytes, a blank or a control character, which
    ///   would end the key on the wire.
    ///
    /// Source: Django's `django.core.cache.backends.base.default_key_func` and `memcache_key_warnings`;
    /// [protocol.txt](https://github.com/memcached/memcached/blob/master/doc/protocol.txt), "Keys".
    func full(prefix: String, version: Int) throws(CacheError) -> String {
        var key = "\(prefix):\(version):\(description)"
        if let fault { throw .invalidKey(key: key, reason: fault) }
        if key.utf8.count > 250 {
            throw .invalidKey(key: key, reason: "it has \(key.utf8.count) bytes; 250 are allowed. Put a digest in it")
        }
        if key.withUTF8({ $0.contains { $0 <= 0x20 || $0 == 0x7F } }) {
            throw .invalidKey(key: key, reason: "it has a blank or a control character. Encode or digest that part")
        }
        return key
    }
}

/// What can identify a model's row in a key.
public protocol CacheIdentifier {
    /// The text of the identifier.
    var cacheIdentifier: String { get }
}

extension CacheIdentifier where Self: BinaryInteger {
    /// The digits.
    public var cacheIdentifier: String { description }
}

extension Int: CacheIdentifier {}
extension Int32: CacheIdentifier {}
extension Int64: CacheIdentifier {}

extension String: CacheIdentifier {
    /// The text itself.
    public var cacheIdentifier: String { self }
}

extension UUID: CacheIdentifier {
    /// The identifier in lower case, as Python writes it.
    public var cacheIdentifier: String { uuidString.lowercased() }
}
