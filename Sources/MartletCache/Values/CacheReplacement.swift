/// What has become of an attempt to replace one entry by another.
public enum CacheReplacement: Sendable, Hashable {
    /// The new entry is stored.
    case stored
    /// There is another entry by now, which stays.
    case changed
    /// There is no entry any more.
    case missing
}
