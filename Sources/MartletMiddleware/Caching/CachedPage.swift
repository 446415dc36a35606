import MartletCache
import MartletHTTP

/// An answer as the cache has it: a mark, the second in which it was stored, status, fields with their lengths, and the
/// content. Numbers have their highest byte first.
struct CachedPage {
    private static let mark: [UInt8] = Array("MPG1".utf8)

    let response: Response
    /// Seconds since 1970.
    let storedAt: Int

    /// What the cache stores of a response; a cache in this process keeps with it what the bytes say.
    static func entry(of response: Response, _ content: [UInt8], storedAt: Int) -> CacheEntry {
        let bytes = bytes(of: response, content, storedAt: storedAt)
        guard let page = CachedPage(bytes) else { return CacheEntry(bytes: bytes, flags: .bytes) }
        return CacheEntry(bytes: bytes, flags: .bytes, reading: page)
    }

    private static func bytes(of response: Response, _ content: [UInt8], storedAt: Int) -> [UInt8] {
        var bytes = mark
        bytes.reserveCapacity(content.count + 512)
        append(UInt64(storedAt), to: &bytes)
        append(UInt16(clamping: response.status.code), to: &bytes)
        // `Age` is that of the answer it came in.
        let fields = response.headers.filter { $0.name != .age }
        append(UInt16(clamping: fields.count), to: &bytes)
        for field in fields.prefix(Int(UInt16.max)) {
            for text in [field.name.description, field.value] {
                append(UInt32(clamping: text.utf8.count), to: &bytes)
                bytes += text.utf8
            }
        }
        bytes += content
        return bytes
    }

    /// Reads a page; `nil` for what is none.
    init?(_ entry: CacheEntry) {
        if let page = entry.reading as? CachedPage { self = page } else { self.init(entry.bytes) }
    }

    private init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.mark) else { return nil }
        var place = Self.mark.count
        guard let storedAt = Self.number(8, bytes, &place), let code = Self.number(2, bytes, &place),
            (200...599).contains(code), let count = Self.number(2, bytes, &place)
        else { return nil }
        var headers = Headers()
        for _ in 0..<count {
            guard let name = Self.text(bytes, &place).flatMap({ HeaderName($0) }), let value = Self.text(bytes, &place)
            else { return nil }
            // Whoever can write into the cache must not be able to split a header.
            guard (try? headers.add(name, value)) != nil else { return nil }
        }
        response = Response(status: HTTPStatus(code), headers: headers, body: .bytes(Array(bytes[place...])))
        self.storedAt = storedAt
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }

    private static func number(_ size: Int, _ bytes: [UInt8], _ place: inout Int) -> Int? {
        guard bytes.count - place >= size else { return nil }
        var number: UInt64 = 0
        for index in place..<place + size { number = number << 8 | UInt64(bytes[index]) }
        place += size
        return Int(exactly: number)
    }

    private static func text(_ bytes: [UInt8], _ place: inout Int) -> String? {
        guard let length = number(4, bytes, &place), bytes.count - place >= length else { return nil }
        defer { place += length }
        return String(validating: bytes[place..<place + length], as: UTF8.self)
    }
}
