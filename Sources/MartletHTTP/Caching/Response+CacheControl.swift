public import FoundationEssentials

extension Response {
    /// Adds directives to `Cache-Control`.
    ///
    /// One that is there is replaced; of two `max-age` the shorter one stays, and `public` and `private` replace each
    /// other.
    ///
    /// Source: Django,
    /// [`patch_cache_control`](https://docs.djangoproject.com/en/5.2/ref/utils/#django.utils.cache.patch_cache_control).
    public mutating func patchCacheControl(_ directives: CacheDirective...) {
        patchCacheControl(directives)
    }

    /// The same with a list.
    public mutating func patchCacheControl(_ directives: [CacheDirective]) {
        var all = cacheDirectives
        for new in directives {
            var new = new
            if new.name == "max-age", let old = maxAge, let age = new.value.flatMap({ Int($0) }) {
                new = CacheDirective("max-age", String(min(old, age)))
            }
            let opposite = ["public": "private", "private": "public"][new.name]
            all.removeAll { $0.name == opposite }
            if let place = all.firstIndex(where: { $0.name == new.name }) { all[place] = new } else { all.append(new) }
        }
        headers.setUnchecked(.cacheControl, all.map(\.description).joined(separator: ", "))
    }

    /// Says that nobody may keep the answer: `max-age=0, no-cache, no-store, must-revalidate, private`, and `Expires` now.
    ///
    /// Source: Django, `add_never_cache_headers`.
    public mutating func neverCache(now: Date = .now) {
        patchLifetime(.zero, now: now)
        patchCacheControl(.noCache, .noStore, .mustRevalidate, .private)
    }

    /// Says how long the answer is good: `Expires`, where it has none, and `max-age`, where it has no shorter one.
    ///
    /// Source: Django, `patch_response_headers`.
    public mutating func patchLifetime(_ age: Duration, now: Date = .now) {
        let age = max(age, .zero)
        if !headers.contains(.expires) {
            headers.setUnchecked(.expires, now.addingTimeInterval(Double(age.components.seconds)).httpDate)
        }
        patchCacheControl(.maxAge(age))
    }

    /// The directives of `Cache-Control`, with names in lower case.
    public var cacheDirectives: [CacheDirective] {
        headers.values(.cacheControl).flatMap(Self.directives)
    }

    /// `max-age` in seconds; `nil` where there is none, or no number.
    ///
    /// Source: Django, `get_max_age`.
    public var maxAge: Int? {
        cacheDirectives.first { $0.name == "max-age" }?.value.flatMap { Int($0) }
    }

    /// Whether `Vary` names a field; `*` is a name, too.
    ///
    /// Source: Django, `has_vary_header`.
    public func varies(on name: String) -> Bool {
        let name = name.lowercased()
        return varyNames.contains { $0.lowercased() == name }
    }

    /// The names in `Vary`.
    package var varyNames: [String] {
        headers.listElements(.vary).filter { !$0.isEmpty }
    }

    /// The parts between commas; one within quotes ends nothing.
    private static func directives(_ field: String) -> [CacheDirective] {
        var parts: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ","), !isQuoted {
                parts.append([])
            } else {
                parts[parts.count - 1].append(byte)
            }
        }
        return parts.compactMap { part in
            let text = String(decoding: part, as: UTF8.self).trimmingBlanks()
            if text.isEmpty { return nil }
            guard let equals = text.firstIndex(of: "=") else { return CacheDirective(text.lowercased()) }
            return CacheDirective(text[..<equals].lowercased(), String(text[text.index(after: equals)...]))
        }
    }
}
