/// News of one descriptor.
struct ReadinessEvent {
    let token: UInt64
    let isReadable: Bool
    let isWritable: Bool
    /// The other end has finished its direction.
    let isReadClosed: Bool
    /// The connection is gone in both directions.
    let isBroken: Bool
}
