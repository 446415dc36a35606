/// Models of an array by their addresses: what looks at raw memory needs no copy of a model, nor code that knows its type
/// only while it runs.
struct ModelAddresses {
    private let base: UnsafeRawPointer?
    private let stride: Int

    /// How many there are.
    let count: Int

    /// - Parameter models: Models that live as long as this value is used.
    init<M: Model>(_ models: UnsafeBufferPointer<M>) {
        base = models.baseAddress.map { UnsafeRawPointer($0) }
        stride = MemoryLayout<M>.stride
        count = base == nil ? 0 : models.count
    }

    /// Calls with the address of each.
    func forEach(_ body: (UnsafeRawPointer) -> Void) {
        guard let base else { return }
        for index in 0..<count { body(base + index * stride) }
    }

    /// Whether something holds for all of them.
    func allSatisfy(_ predicate: (UnsafeRawPointer) -> Bool) -> Bool {
        guard let base else { return true }
        for index in 0..<count where !predicate(base + index * stride) { return false }
        return true
    }
}
