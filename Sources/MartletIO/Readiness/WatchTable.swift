/// The watched descriptors of one worker by token, so that an event which was on its way when its descriptor was
/// closed cannot reach the next owner of the same number.
struct WatchTable {
    private var slots: [Readiness?] = []
    private var generations: [UInt32] = []
    private var free: [UInt32] = []

    /// Adds a watch under a new token: the slot in the low half, the slot's generation in the high half.
    mutating func add(_ make: (_ token: UInt64) -> Readiness) -> Readiness {
        let slot: Int
        if let reused = free.popLast() {
            slot = Int(reused)
            generations[slot] &+= 1
        } else {
            slot = slots.count
            slots.append(nil)
            generations.append(0)
        }
        let readiness = make(UInt64(generations[slot]) << 32 | UInt64(slot))
        slots[slot] = readiness
        return readiness
    }

    mutating func remove(_ token: UInt64) {
        guard self[token] != nil else { return }
        let slot = UInt32(truncatingIfNeeded: token)
        slots[Int(slot)] = nil
        free.append(slot)
    }

    subscript(_ token: UInt64) -> Readiness? {
        let slot = Int(UInt32(truncatingIfNeeded: token))
        guard slot < slots.count, generations[slot] == UInt32(truncatingIfNeeded: token >> 32) else { return nil }
        return slots[slot]
    }
}
