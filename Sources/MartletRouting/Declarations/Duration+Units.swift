extension Duration {
    /// Sixty seconds each.
    public static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }

    /// Sixty minutes each.
    public static func hours(_ count: Int) -> Duration { .seconds(count * 3_600) }

    /// Twenty-four hours each.
    public static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
