/// Which of several servers has a key: the one whose name gives the highest number together with the key.
///
/// When a server goes, only its own keys move; when it comes back, only those move back. That is the same as with the
/// rings of consistent hashing, without the rings. Numbers and names are those of `pymemcache.HashClient`, which Django's
/// `PyMemcacheCache` uses, so that both find each other's values.
///
/// Source: `pymemcache.client.rendezvous.RendezvousHash`;
/// [Thaler and Ravishankar](https://www.eecs.umich.edu/techreports/cse/96/CSE-TR-316-96.pdf).
struct RendezvousHash: Sendable {
    private let nodes: [String]
    /// What is hashed before the key: the name and a hyphen.
    private let prefixes: [[UInt8]]

    init(_ nodes: [String]) {
        self.nodes = nodes
        prefixes = nodes.map { MurmurHash3.bytes(of: $0 + "-") }
    }

    /// The place of the key's server among those that `isUsable` lets pass; `nil` where it lets none.
    func place(of key: String, where isUsable: (Int) -> Bool) -> Int? {
        let bytes = MurmurHash3.bytes(of: key)
        var best: (score: UInt32, place: Int)?
        for place in nodes.indices where isUsable(place) {
            let score = MurmurHash3.hash(prefixes[place] + bytes)
            if let best, score < best.score || score == best.score && nodes[place] <= nodes[best.place] { continue }
            best = (score, place)
        }
        return best?.place
    }
}

/// A fast hash that spreads well; no cryptography.
///
/// Source: [MurmurHash3](https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp), 32 bits, with seed 0;
/// libmemcached's has another seed.
enum MurmurHash3 {
    /// The bytes that pymemcache hashes: the lowest byte of each character.
    static func bytes(of text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    static func hash(_ bytes: [UInt8]) -> UInt32 {
        var hash: UInt32 = 0
        let whole = bytes.count & ~3
        for start in stride(from: 0, to: whole, by: 4) {
            hash ^= scrambled(block(bytes[start..<start + 4]))
            hash = rotated(hash, by: 13) &* 5 &+ 0xE654_6B64
        }
        if whole < bytes.count { hash ^= scrambled(block(bytes[whole...])) }
        hash ^= UInt32(truncatingIfNeeded: bytes.count)
        hash ^= hash >> 16
        hash &*= 0x85EB_CA6B
        hash ^= hash >> 13
        hash &*= 0xC2B2_AE35
        return hash ^ hash >> 16
    }

    /// Up to four bytes as a number, the lowest first.
    private static func block(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func scrambled(_ block: UInt32) -> UInt32 {
        rotated(block &* 0xCC9E_2D51, by: 15) &* 0x1B87_3593
    }

    private static func rotated(_ number: UInt32, by bits: UInt32) -> UInt32 {
        number << bits | number >> (32 - bits)
    }
}
