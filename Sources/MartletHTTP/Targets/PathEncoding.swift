/// Percent-encoding of paths.
///
/// Source: [RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3).
package enum PathEncoding {
    /// Encodes everything that may not stand in a path; `/` stays.
    ///
    /// Two slashes at the beginning become `/%2F`, because a browser takes what follows `//` for a host.
    package static func encode(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy(\.isPathByte)
        var encoded = isPlain ? path : PercentCoding.encode(path.utf8, keeping: \.isPathByte)
        if encoded.hasPrefix("//") { encoded = "/%2F" + encoded.dropFirst(2) }
        return encoded
    }
}

extension UInt8 {
    /// Whether the byte may stand in a path as it is: unreserved, a sub-delimiter, `:`, `@` or `/`.
    package var isPathByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "="):
            true
        case UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "/"): true
        default: false
        }
    }

    /// Whether the byte needs no encoding anywhere in a URL: a letter, a digit, `-`, `.`, `_` or `~`.
    ///
    /// Source: [RFC 3986 §2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
    package var isUnreservedByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
