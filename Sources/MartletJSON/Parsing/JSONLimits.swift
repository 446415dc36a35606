/// How much JSON is read, and what is forgiven.
public struct JSONLimits: Sendable, Hashable {
    /// How deep arrays and objects may nest: 128 unless told. No more than 512 are ever allowed, since each level
    /// takes a piece of the thread's stack.
    public var depth: Int

    /// How many bytes the text may have: 16 MiB unless told.
    public var bytes: Int

    /// What happens to a name that an object has twice: it is an error unless told, since two readers of the same
    /// text would see different values.
    public var duplicateNames: DuplicateNames

    /// Makes limits.
    public init(depth: Int = 128, bytes: Int = 16 << 20, duplicateNames: DuplicateNames = .refused) {
        self.depth = min(max(depth, 0), 512)
        self.bytes = max(bytes, 0)
        self.duplicateNames = duplicateNames
    }

    /// What happens to a name that an object has twice.
    public struct DuplicateNames: Sendable, Hashable {
        let areRefused: Bool

        /// The text is refused.
        public static let refused = DuplicateNames(areRefused: true)
        /// The last value counts, as in Python's `json`.
        public static let lastWins = DuplicateNames(areRefused: false)
    }
}
