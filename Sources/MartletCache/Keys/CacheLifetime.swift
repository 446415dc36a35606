/// How long a value stays in a cache at most. There is no default: a value that must never go is stored `.forever`.
public struct CacheLifetime: Sendable, Hashable {
    /// `nil`: for ever.
    let duration: Duration?

    private init(duration: Duration?) { self.duration = duration }

    /// For a duration. Zero and less: not at all.
    public init(_ duration: Duration) { self.duration = duration }

    /// Until it is deleted, or pushed out by others.
    public static let forever = CacheLifetime(duration: nil)

    /// For some seconds.
    public static func seconds(_ count: Int) -> CacheLifetime { CacheLifetime(count, times: 1) }

    /// For some minutes.
    public static func minutes(_ count: Int) -> CacheLifetime { CacheLifetime(count, times: 60) }

    /// For some hours.
    public static func hours(_ count: Int) -> CacheLifetime { CacheLifetime(count, times: 3_600) }

    /// For some days.
    public static func days(_ count: Int) -> CacheLifetime { CacheLifetime(count, times: 86_400) }

    /// No number is too big: past a million years it makes no difference.
    private init(_ count: Int, times seconds: Int) {
        let limit = 31_557_600_000_000 / seconds
        self.init(.seconds(min(max(count, -limit), limit) * seconds))
    }

    /// One after the other.
    static func + (first: CacheLifetime, second: CacheLifetime) -> CacheLifetime {
        guard let first = first.duration, let second = second.duration else { return .forever }
        // A million years each at most, which no sum of two overflows.
        let limit = Duration.seconds(31_557_600_000_000)
        return CacheLifetime(min(max(first, .zero), limit) + min(max(second, .zero), limit))
    }

    /// Whether the value is gone as soon as it is stored.
    var isOver: Bool { duration.map { $0 <= .zero } ?? false }
}
