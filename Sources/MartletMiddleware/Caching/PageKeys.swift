import MartletCache
import MartletCrypto
import MartletHTTP

/// The keys under which the pages of an address are kept: one for the names of the fields that they depend on, and one for
/// each page.
///
/// Source: Django's `django.utils.cache`, `learn_cache_key` and `get_cache_key`, with `USE_TZ` and the time zone UTC; with
/// `USE_I18N` where the site selects languages.
struct PageKeys: Sendable {
    private let prefix: String
    private let address: String
    /// What follows the digests: `.en-us.UTC`.
    private let suffix: String
    /// `Accept-Language` has done its work when the language stands in the key.
    private let hasLanguage: Bool

    /// The key of the names.
    let header: StoredKey
    /// The key of the page for `GET` where it varies by nothing, as most do.
    private let plainPage: StoredKey

    /// - Returns: `nil` for a request whose host cannot be, and where there are no digests.
    /// - Throws: ``MartletCache/CacheError/invalidKey(key:reason:)`` for a prefix that no key can have.
    init?(_ request: Request, prefix: String, _ cache: Cache) throws(CacheError) {
        guard let url = try? request.absoluteURL(), let digest = try? Digest.md5(of: url.utf8) else { return nil }
        self.prefix = prefix
        address = digest.hexadecimal
        let language = request.language
        hasLanguage = language != nil
        suffix = (language.map { ".\($0)" } ?? "") + ".UTC"
        header = try cache.storedKey(
            CacheKey("views.decorators.cache.cache_header.\(prefix).\(address)\(suffix)"))
        plainPage = try cache.storedKey(Self.page(prefix, "GET", address, Self.emptyDigest, suffix))
    }

    /// Whether the keys are those of a cache.
    func belong(to cache: Cache) -> Bool { cache.isOwn(header) }

    /// The key of the page for a request.
    ///
    /// - Parameter fields: The names, as Django has them in `META`: `HTTP_ACCEPT_ENCODING`.
    func page(
        _ request: Request, _ fields: [String], method: HTTPMethod, _ cache: Cache
    ) throws(CacheError) -> StoredKey? {
        if fields.isEmpty && method == .get { return plainPage }
        guard let digest = Self.digest(of: request, fields) else { return nil }
        return try cache.storedKey(Self.page(prefix, method.rawValue, address, digest, suffix))
    }

    private static func page(
        _ prefix: String, _ method: String, _ address: String, _ digest: String, _ suffix: String
    ) -> CacheKey {
        CacheKey("views.decorators.cache.cache_page.\(prefix).\(method).\(address).\(digest)\(suffix)")
    }

    /// The names that a response varies by.
    func fields(of response: Response) -> [String] {
        let names = response.varyNames.map { $0.uppercased().replacing("-", with: "_") }
        return names.filter { !hasLanguage || $0 != "ACCEPT_LANGUAGE" }.map { "HTTP_" + $0 }.sorted()
    }

    // MARK: Names in the cache

    static func entry(of fields: [String]) -> CacheEntry {
        CacheEntry(bytes: Array(fields.joined(separator: ",").utf8), flags: .text)
    }

    static func fields(in entry: CacheEntry) -> [String]? {
        guard entry.flags == .text else { return nil }
        return entry.bytes.isEmpty
            ? [] : entry.bytes.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// MD5 of nothing: most pages vary by nothing.
    private static let emptyDigest = "d41d8cd98f00b204e9800998ecf8427e"

    private static func digest(of request: Request, _ fields: [String]) -> String? {
        if fields.isEmpty { return emptyDigest }
        var bytes: [UInt8] = []
        for field in fields {
            let name = field.dropFirst("HTTP_".count).replacing("_", with: "-")
            guard let name = HeaderName(String(name)), request.headers.contains(name) else {
                // A field that is not there is another than an empty one.
                bytes += "-,".utf8
                continue
            }
            bytes += request.headers.values(name).joined(separator: ",").utf8
        }
        return try? Digest.md5(of: bytes).hexadecimal
    }
}
