/// The elements of `Forwarded` fields, the last one first: the one that the nearest proxy has written.
///
/// They are found from the right because only the right end can be trusted. Read from the left, a quotation mark that a
/// client has opened would swallow what the proxies add behind it.
///
/// Source: [RFC 7239 §4](https://www.rfc-editor.org/rfc/rfc7239#section-4).
struct ForwardedElements: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    /// How many commas an element may have within quotation marks; no proxy writes one.
    private static let mostCommas = 8

    /// Reads the values of the fields in their order.
    init(_ values: [String]) {
        rest = Array(values.joined(separator: ",").utf8)[...]
    }

    /// The element left of those before; `nil` at the end, and where no element can be read.
    mutating func next() -> ForwardedElement? {
        skipEmptyElements()
        var end = rest.endIndex
        for _ in 0...Self.mostCommas {
            let comma = rest[..<end].lastIndex(of: UInt8(ascii: ","))
            let start = comma.map { $0 + 1 } ?? rest.startIndex
            if let element = ForwardedElement(rest[start...]) {
                rest = rest[..<(comma ?? rest.startIndex)]
                return element
            }
            // The comma may stand within quotation marks.
            guard let comma else { break }
            end = comma
        }
        rest = []
        return nil
    }

    private mutating func skipEmptyElements() {
        while let last = rest.last, last == UInt8(ascii: ",") || last == 0x20 || last == 0x09 { rest.removeLast() }
    }
}

/// What one proxy says about its client.
struct ForwardedElement: Equatable {
    /// `for`: the client's address with or without a port, `unknown`, or a name that hides it (`_name`).
    private(set) var client: String?
    /// `proto`: how the client asked, `http` or `https`.
    private(set) var scheme: String?
    /// `host`: the `Host` of the client's request.
    private(set) var host: String?

    private var names: Set<String> = []

    /// Reads an element of pairs with semicolons between them.
    ///
    /// - Returns: `nil` when the bytes are none, or when a name occurs twice.
    init?(_ bytes: ArraySlice<UInt8>) {
        var reader = ForwardedReader(bytes)
        repeat {
            reader.skipBlanks()
            guard let name = reader.token() else { continue }
            guard reader.skip(UInt8(ascii: "=")), let value = reader.value() else { return nil }
            guard add(value, as: name.lowercased()) else { return nil }
            reader.skipBlanks()
        } while reader.skip(UInt8(ascii: ";"))
        guard reader.isAtEnd, !names.isEmpty else { return nil }
    }

    private mutating func add(_ value: String, as name: String) -> Bool {
        switch name {
        case "for": client = value
        case "proto": scheme = value
        case "host": host = value
        // `by` and what others may add.
        default: break
        }
        return names.insert(name).inserted
    }
}

/// Reads the tokens and quoted strings of an element.
private struct ForwardedReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    mutating func token() -> String? {
        take(while: \.isTokenByte)
    }

    mutating func value() -> String? {
        if skip(UInt8(ascii: "\"")) { return quoted() }
        // Colons and brackets belong between quotation marks; proxies that forget them are still understood.
        return take { $0.isTokenByte || [0x3A, 0x5B, 0x5D].contains($0) }
    }

    private mutating func quoted() -> String? {
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            default:
                value.append(byte)
            }
        }
        return nil
    }

    private mutating func take(while isPart: (UInt8) -> Bool) -> String? {
        let part = rest.prefix(while: isPart)
        guard !part.isEmpty else { return nil }
        rest = rest[part.endIndex...]
        return String(decoding: part, as: UTF8.self)
    }
}
