/// How much of a pickle is read.
public struct PickleLimits: Sendable, Hashable {
    /// How deep lists, tuples and dictionaries may nest: 128 unless told. No more than 512 are ever allowed, since each
    /// level takes a piece of the thread's stack.
    public var depth: Int

    /// How many bytes the pickle may have, and how many its text may have once it is read: 16 MiB unless told. A pickle
    /// can refer to one text many times.
    public var bytes: Int

    /// How many values it may have, each counted as often as it is referred to: a million unless told.
    public var values: Int

    /// Makes limits.
    public init(depth: Int = 128, bytes: Int = 16 << 20, values: Int = 1_000_000) {
        self.depth = min(max(depth, 0), 512)
        self.bytes = max(bytes, 0)
        self.values = max(values, 0)
    }
}
