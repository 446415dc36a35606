internal import MartletCrypto

extension CacheKey {
    /// The key of a part of a template within `{% cache %}`, to remove it.
    ///
    /// ```swift
    /// try await cache.delete(CacheKey(fragment: "sidebar", varyOn: [user.name]))
    /// ```
    ///
    /// - Parameters:
    ///   - fragment: The name in the tag.
    ///   - arguments: The text of the values that follow it, as a template prints them.
    /// - Throws: ``CacheError/invalidKey(key:reason:)`` where there are no digests.
    ///
    /// Source: Django, `make_template_fragment_key`.
    public init(fragment: String, varyOn arguments: [String] = []) throws(CacheError) {
        do {
            let digest = try Digest.md5(of: Array(arguments.map { $0 + ":" }.joined().utf8))
            self.init("template.cache.\(fragment).\(digest.hexadecimal)")
        } catch {
            throw .invalidKey(key: fragment, reason: "no digest can be made: \(error)")
        }
    }
}
