/// How a connection behaves.
struct MemcachedOptions: Sendable {
    /// How long to wait for an answer.
    var timeout: Duration
    /// From how many bytes on values are compressed; `nil` for never.
    var compressAbove: Int?
}
