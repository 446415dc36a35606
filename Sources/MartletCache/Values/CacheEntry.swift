/// A value as back ends store it: bytes, and a number that tells how they are to be read.
public struct CacheEntry: Sendable, Hashable {
    /// The bytes.
    public var bytes: [UInt8] {
        didSet { reading = nil }
    }

    /// How to read them.
    public var flags: CacheFlags {
        didSet { reading = nil }
    }

    /// What the bytes say to the part of the program that stored them. It comes back with an entry that never left this
    /// process, and saves reading it; it is no part of what the entry is.
    package private(set) var reading: (any Sendable)?

    /// Makes an entry.
    public init(bytes: [UInt8], flags: CacheFlags) {
        self.bytes = bytes
        self.flags = flags
    }

    /// Makes an entry whose bytes have been read.
    package init(bytes: [UInt8], flags: CacheFlags, reading: some Sendable) {
        self.init(bytes: bytes, flags: flags)
        self.reading = reading
    }

    /// How many bytes the entry takes in this process, where what was read is about as large as the bytes.
    var size: Int { reading == nil ? bytes.count : 2 * bytes.count }

    /// Whether two entries are the same to those who read them.
    public static func == (one: CacheEntry, other: CacheEntry) -> Bool {
        one.flags == other.flags && one.bytes == other.bytes
    }

    /// Hashes what is compared.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
        hasher.combine(flags)
    }
}

/// How the bytes of an entry are to be read.
///
/// Source: `pymemcache.serde`, which Django's `PyMemcacheCache` uses.
public struct CacheFlags: OptionSet, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt32

    /// Makes flags.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Plain bytes.
    public static let bytes: CacheFlags = []
    /// A Python pickle; one of plain values is read, and nothing in it is ever run.
    public static let pickle = CacheFlags(rawValue: 1)
    /// Decimal digits.
    public static let integer = CacheFlags(rawValue: 2)
    /// Decimal digits of a `long` of Python 2.
    public static let long = CacheFlags(rawValue: 4)
    /// In zlib's format; back ends take it off before they hand an entry out.
    public static let compressed = CacheFlags(rawValue: 8)
    /// UTF-8.
    public static let text = CacheFlags(rawValue: 16)
    /// JSON, in ``text``: Django, which does not know this bit, reads a `str` for `json.loads`.
    public static let json: CacheFlags = [.text, CacheFlags(rawValue: 256)]
}
