/// Addresses with characters beyond ASCII, as people write them.
package enum IRI {
    /// Percent-encodes what may not stand in a URL; what has a meaning in one, and existing `%XX`, stays.
    ///
    /// Source: [RFC 3987 §3.1](https://www.rfc-editor.org/rfc/rfc3987#section-3.1).
    package static func encode(_ address: String) -> String {
        address.utf8.allSatisfy(\.isURLByte) ? address : PercentCoding.encode(address.utf8, keeping: \.isURLByte)
    }
}

extension UInt8 {
    fileprivate var isURLByte: Bool {
        switch self {
        case UInt8(ascii: "#"), UInt8(ascii: "?"), UInt8(ascii: "%"), UInt8(ascii: "["), UInt8(ascii: "]"): true
        default: isPathByte
        }
    }
}
