import Martlet

/// A tag, how many posts have it, and how large it is drawn.
struct TagCloudEntry: Codable, Sendable {
    let name: String
    let slug: String
    let count: Int
    /// 1 to 5.
    let weight: Int
}

/// The tags of published posts; counted once in five minutes, since every page shows them.
func tagCloud() async throws -> [TagCloudEntry] {
    try await Cache.current.getOrSet(CacheKey("blog", "tag", "all", "cloud"), for: .seconds(300)) {
        let uses: [(String, String)] = try await Tag.objects
            .filter { $0.posts.status == .published }
            .values { ($0.name, $0.slug) }
        let counts = Dictionary(grouping: uses, by: \.1).mapValues { (name: $0[0].0, count: $0.count) }
        let largest = counts.values.map(\.count).max() ?? 1
        return
            counts
            .map { slug, tag in
                TagCloudEntry(name: tag.name, slug: slug, count: tag.count, weight: 1 + tag.count * 4 / largest)
            }
            .sorted { $0.name < $1.name }
    }
}
