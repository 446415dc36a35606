import MartletCache
import MartletHTTP
import MartletTemplates

/// A page with parts that the cache is asked for.
struct FragmentedPage: Sendable {
    private let rendering: Rendering
    private let request: Request
    private let template: String
    private let context: TemplateContext
    private let fragments: TemplateFragments

    /// Fragments within fragments within fragments: more than anybody reads.
    private static let depth = 20

    init(
        _ rendering: Rendering, _ request: Request, _ template: String, _ context: TemplateContext,
        _ fragments: TemplateFragments
    ) {
        self.rendering = rendering
        self.request = request
        self.template = template
        self.context = context
        self.fragments = fragments
    }

    /// Asks for the fragments that are not known, and renders until all of them are; those that were made are kept.
    @Sendable func content() async throws -> [UInt8] {
        let cache = Cache.current
        for _ in 0..<Self.depth {
            try await ask(cache)
            let content = try rendering.bytes(request, template, context, fragments: fragments)
            guard fragments.wanted.isEmpty else { continue }
            try await keep(cache)
            return content
        }
        return try rendering.bytes(request, template, context)
    }

    private func ask(_ cache: Cache) async throws {
        var keys: [CacheKey: TemplateFragment] = [:]
        for fragment in fragments.wanted {
            keys[try CacheKey(fragment: fragment.name, varyOn: fragment.arguments)] = fragment
        }
        let found = try await cache.getMany(Array(keys.keys), as: String.self)
        var texts: [TemplateFragment: String] = [:]
        for (key, text) in found { texts[keys[key] ?? TemplateFragment("")] = text }
        fragments.answer(texts)
    }

    private func keep(_ cache: Cache) async throws {
        for (fragment, made) in fragments.made {
            let lifetime = made.seconds.map { CacheLifetime.seconds($0) } ?? .forever
            let key = try CacheKey(fragment: fragment.name, varyOn: fragment.arguments)
            try await cache.set(key, made.text, for: lifetime)
        }
    }
}
