/// How much of a request is taken into memory.
public struct RequestLimits: Sendable, Hashable {
    /// The largest form or JSON content, in bytes; 2.5 MiB, as Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    public var bodyBytes: Int

    /// The most fields of a form or a query; 1,000, as Django's `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
    public var fields: Int

    /// Makes limits.
    public init(bodyBytes: Int = 2_621_440, fields: Int = 1_000) {
        self.bodyBytes = bodyBytes
        self.fields = fields
    }
}

private enum RequestLimitsKey: RequestStorageKey {
    typealias Value = RequestLimits
}

extension Request {
    /// How much of this request is taken into memory; middleware or a route may change it.
    public var limits: RequestLimits {
        get { storage[RequestLimitsKey.self] ?? RequestLimits() }
        set { storage[RequestLimitsKey.self] = newValue }
    }
}
