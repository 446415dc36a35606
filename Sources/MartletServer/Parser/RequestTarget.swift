import MartletHTTP

/// The target of a request line, taken apart: path decoded once, query as it came.
///
/// Source: [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2),
/// [RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3).
package struct RequestTarget: Sendable, Equatable {
    /// The target as it came.
    package let raw: String

    /// The path, percent-decoded; `*` for `OPTIONS *`.
    package let path: String

    /// The query without its `?`.
    package let query: String

    /// Host and port of an absolute target, which stand above the `Host` field.
    package let authority: String?

    /// Reads the bytes between the two spaces of a request line.
    init(_ bytes: UnsafeRawBufferPointer, method: HTTPMethod) throws(ParseFailure) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.first == Self.slash else {
            self = try Self.readUnusual(bytes, raw: text, method: method)
            return
        }
        raw = text
        let end = bytes.firstIndex(of: Self.questionMark) ?? bytes.count
        authority = nil
        if end == bytes.count {
            query = ""
            path = Self.isPlain(bytes) ? text : try Self.decodePath(bytes)
        } else {
            query = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...]), as: UTF8.self)
            path = try Self.decodePath(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        }
    }

    private init(raw: String, path: String, query: String, authority: String?) {
        self.raw = raw
        self.path = path
        self.query = query
        self.authority = authority
    }

    /// `*` for `OPTIONS`, or a target with scheme and host, as proxies send them.
    private static func readUnusual(
        _ bytes: UnsafeRawBufferPointer, raw: String, method: HTTPMethod
    ) throws(ParseFailure) -> RequestTarget {
        if bytes.elementsEqual("*".utf8) {
            guard method == .options else { throw .badRequest("The target '*' is for OPTIONS only.") }
            return RequestTarget(raw: raw, path: "*", query: "", authority: nil)
        }
        let lower = raw.lowercased()
        let schemes = ["http://", "https://"]
        guard let scheme = schemes.first(where: { lower.hasPrefix($0) }) else {
            throw .badRequest("The request target must begin with '/'.")
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[scheme.utf8.count...])
        let end = rest.firstIndex { $0 == slash || $0 == questionMark } ?? rest.count
        let authority = UnsafeRawBufferPointer(rebasing: rest[..<end])
        guard !authority.isEmpty, HostRules.isLegal(authority) else {
            throw .badRequest("The host in the request target is malformed.")
        }
        let pathEnd = rest.firstIndex(of: questionMark) ?? rest.count
        let path = UnsafeRawBufferPointer(rebasing: rest[end..<pathEnd])
        let query = pathEnd < rest.count ? UnsafeRawBufferPointer(rebasing: rest[(pathEnd + 1)...]) : nil
        return RequestTarget(
            raw: raw, path: path.isEmpty ? "/" : try decodePath(path),
            query: query.map { String(decoding: $0, as: UTF8.self) } ?? "",
            authority: String(decoding: authority, as: UTF8.self))
    }

    private static let slash = UInt8(ascii: "/")
    private static let questionMark = UInt8(ascii: "?")
    private static let percent = UInt8(ascii: "%")
    private static let dot = UInt8(ascii: ".")

    /// Whether a path stands for itself: no escape, and no segment that begins with a dot.
    private static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == percent || byte == dot && previous == slash { return false }
            previous = byte
        }
        return true
    }

    private static func decodePath(_ bytes: UnsafeRawBufferPointer) throws(ParseFailure) -> String {
        if isPlain(bytes) { return String(decoding: bytes, as: UTF8.self) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == percent else {
                decoded.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.count, let high = bytes[index + 1].hexDigit, let low = bytes[index + 2].hexDigit
            else { throw .badRequest("The path has a '%' without two hexadecimal digits.") }
            decoded.append(high << 4 | low)
            index += 3
        }
        return try check(decoded)
    }

    /// Refuses what a path must not be once it is decoded. Dot segments are not resolved: a client resolves them itself
    /// (RFC 3986 §5.2.4), so one that arrives is an attempt to leave a folder.
    private static func check(_ decoded: [UInt8]) throws(ParseFailure) -> String {
        guard !decoded.contains(0) else { throw .badRequest("The path has a NUL byte.") }
        for segment in decoded.split(separator: slash) where segment == [dot] || segment == [dot, dot] {
            throw .badRequest("The path has a '.' or '..' segment.")
        }
        guard let path = String(validating: decoded, as: UTF8.self) else {
            throw .badRequest("The path is not UTF-8 once its escapes are decoded.")
        }
        return path
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit.
    var hexDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
