internal import CCurl

/// What goes out and comes in during a transfer; touched by libcurl on the thread of the transfer only.
final class CurlTraffic {
    private(set) var content: [UInt8] = []
    private(set) var headerBytes: [UInt8] = []
    private var upload: ArraySlice<UInt8>
    private let limit: Int

    init(upload: [UInt8], limit: Int) {
        self.upload = upload[...]
        self.limit = limit
    }

    static let takeContent: martlet_curl_bytes = { bytes, size, count, context in
        CurlTraffic.of(context)?.keep(bytes, size * count, in: \.content)
        return size * count
    }

    static let takeHeader: martlet_curl_bytes = { bytes, size, count, context in
        CurlTraffic.of(context)?.keep(bytes, size * count, in: \.headerBytes)
        return size * count
    }

    static let giveContent: martlet_curl_bytes = { bytes, size, count, context in
        CurlTraffic.of(context)?.give(bytes, size * count) ?? 0
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTraffic? {
        // Only ever set to an object of this class that lives on.
        context.map { Unmanaged<CurlTraffic>.fromOpaque($0).takeUnretainedValue() }
    }

    private func keep(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, in place: ReferenceWritableKeyPath<CurlTraffic, [UInt8]>
    ) {
        let room = min(count, limit - self[keyPath: place].count)
        guard let bytes, room > 0 else { return }
        self[keyPath: place].append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: room))
    }

    private func give(_ bytes: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
        guard let bytes else { return 0 }
        let part = upload.prefix(room)
        UnsafeMutableRawBufferPointer(start: bytes, count: room).copyBytes(from: part)
        upload = upload.dropFirst(part.count)
        return part.count
    }
}
