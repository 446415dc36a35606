import MartletHTTP

/// A body that a socket would deliver: it can be read once.
actor OneTimeSource: RequestBody.Source {
    private var chunks: [[UInt8]]

    init(chunks: [[UInt8]]) { self.chunks = chunks }

    func next() -> [UInt8]? { chunks.isEmpty ? nil : chunks.removeFirst() }
}
