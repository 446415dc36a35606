internal import FoundationEssentials
internal import MartletJSON
internal import MartletPickle

/// Entries as Django's `DatabaseCache` stores values: a pickle in base64.
enum DatabaseCacheCoding {
    /// Marks an entry whose flags no Python value stands for.
    private static let mark = PickleValue.string("martlet")

    static func text(of entry: CacheEntry) -> String {
        if entry.flags == .pickle { return Data(entry.bytes).base64EncodedString() }
        if let value = value(of: entry), let pickle = try? Pickle.dumps(value) {
            return Data(pickle).base64EncodedString()
        }
        let marked = PickleValue.tuple([mark, .int(Int(entry.flags.rawValue)), .bytes(entry.bytes)])
        // Text, a number and bytes have always a pickle.
        return Data((try? Pickle.dumps(marked)) ?? []).base64EncodedString()
    }

    /// What Python has instead of the entry: an `int`, `str` or `bytes`; of JSON what `json.loads` makes of it.
    private static func value(of entry: CacheEntry) -> PickleValue? {
        switch entry.flags {
        case .bytes: .bytes(entry.bytes)
        case .text: String(validating: entry.bytes, as: UTF8.self).map { .string($0) }
        case .integer:
            Int(String(decoding: entry.bytes, as: UTF8.self)).flatMap {
                // `007` and `+7` would come back as `7`.
                String($0).utf8.elementsEqual(entry.bytes) ? .int($0) : nil
            }
        case .json: json(entry.bytes)
        default: nil
        }
    }

    /// A list or `dict`, where it comes back as the same JSON: Python's floats have less digits than a decimal number, and
    /// text by itself would come back as text.
    private static func json(_ bytes: [UInt8]) -> PickleValue? {
        guard let json = try? JSON.decode(JSONValue.self, from: bytes), let value = try? PickleValue(json),
            let again = try? JSON.encode(JSONValue(value)), again == bytes
        else { return nil }
        switch json {
        case .array, .object, .bool, .double, .null: return value
        default: return nil
        }
    }

    /// The entry of a stored text. What is no plain value stays a pickle, which a reader refuses or makes JSON of.
    static func entry(of text: String) -> CacheEntry {
        let bytes = Data(base64Encoded: text).map { Array($0) } ?? []
        switch try? Pickle.loads(bytes) {
        case .int(let number): return CacheEntry(bytes: Array(String(number).utf8), flags: .integer)
        case .string(let text): return CacheEntry(bytes: Array(text.utf8), flags: .text)
        case .bytes(let bytes): return CacheEntry(bytes: bytes, flags: .bytes)
        case .tuple(let parts):
            if parts.count == 3, parts[0] == mark, case .int(let flags) = parts[1], case .bytes(let bytes) = parts[2],
                let flags = UInt32(exactly: flags)
            {
                return CacheEntry(bytes: bytes, flags: CacheFlags(rawValue: flags))
            }
        default: break
        }
        return CacheEntry(bytes: bytes, flags: .pickle)
    }
}
