internal import FoundationEssentials

/// When an entry ends, by the clock that processes and machines share.
enum CacheEnd {
    /// It is over already.
    case over
    /// At a moment; `nil` for never.
    case open(Date?)
}

extension CacheLifetime {
    /// When a lifetime ends that begins now.
    func end(after now: Date) -> CacheEnd {
        if isOver { return .over }
        // Further than a thousand years is for ever.
        guard let duration, duration < .seconds(31_557_600_000) else { return .open(nil) }
        let (seconds, attoseconds) = duration.components
        return .open(now.addingTimeInterval(Double(seconds) + Double(attoseconds) / 1e18))
    }
}

extension CacheEntry {
    /// The entry's number counted up, or down to 0, as Memcached counts; `nil` where it holds none.
    func counted(by amount: Int) -> UInt64? {
        guard let number = UInt64(String(decoding: bytes, as: UTF8.self)) else { return nil }
        let step = UInt64(amount.magnitude)
        return amount >= 0 ? number &+ step : number - min(step, number)
    }
}
