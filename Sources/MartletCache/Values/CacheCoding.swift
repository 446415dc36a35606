internal import MartletJSON
internal import MartletPickle

/// Between values and entries: whole numbers, text and bytes as Django has them, everything else as JSON. What may be
/// missing is stored as what is there, and `nil` as JSON.
enum CacheCoding {
    static func entry<T: Encodable>(for value: T, key: String) throws(CacheError) -> CacheEntry {
        if T.self == String.self || T.self == String?.self, let text = value as? String {
            return CacheEntry(bytes: Array(text.utf8), flags: .text)
        }
        if T.self == [UInt8].self || T.self == [UInt8]?.self, let bytes = value as? [UInt8] {
            return CacheEntry(bytes: bytes, flags: .bytes)
        }
        if let number = value as? any FixedWidthInteger {
            return CacheEntry(bytes: Array(String(describing: number).utf8), flags: .integer)
        }
        do {
            return CacheEntry(bytes: try JSON.encode(value), flags: .json)
        } catch {
            throw .notEncodable(key: key, reason: error.description)
        }
    }

    /// The value of an entry.
    ///
    /// - Throws: ``JSONError`` when it holds something else: an older release or a Django wrote it.
    static func value<T: Decodable>(_ type: T.Type, of entry: CacheEntry) throws(JSONError) -> T {
        if entry.flags == .json { return try JSON.decode(type, from: entry.bytes) }
        if entry.flags == .text, let text = String(validating: entry.bytes, as: UTF8.self), let value = text as? T {
            return value
        }
        if entry.flags == .bytes, let value = entry.bytes as? T { return value }
        if entry.flags == .integer || entry.flags == .long, let value = integer(type, entry.bytes) { return value }
        if entry.flags == .pickle { return try unpickled(type, entry.bytes) }
        throw JSONError(.mismatch, "an entry with flags \(entry.flags.rawValue) is no \(type)")
    }

    /// What a Django has pickled: lists, dicts, numbers and text are what they would be in JSON.
    private static func unpickled<T: Decodable>(_ type: T.Type, _ bytes: [UInt8]) throws(JSONError) -> T {
        do {
            return try JSON.decode(type, from: JSON.encode(JSONValue(Pickle.loads(bytes))))
        } catch let error as JSONError {
            throw error
        } catch {
            throw JSONError(.mismatch, "\(error)")
        }
    }

    private static func integer<T>(_ type: T.Type, _ bytes: [UInt8]) -> T? {
        var wrapped: Any.Type = type
        while let optional = wrapped as? any OptionalValue.Type { wrapped = optional.wrapped }
        guard let type = wrapped as? any FixedWidthInteger.Type, let value = parse(type, number(bytes)) else {
            return nil
        }
        return value as? T
    }

    private static func parse<N: FixedWidthInteger>(_ type: N.Type, _ digits: String) -> N? { N(digits) }

    /// The digits of a number. Memcached leaves blanks behind one that it has counted down.
    private static func number(_ bytes: [UInt8]) -> String {
        var digits = bytes[...]
        while digits.last == 0x20 { digits.removeLast() }
        return String(decoding: digits, as: UTF8.self)
    }
}

/// What may be missing.
private protocol OptionalValue {
    static var wrapped: Any.Type { get }
}

extension Optional: OptionalValue {
    static var wrapped: Any.Type { Wrapped.self }
}
