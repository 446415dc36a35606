/// Which bytes a `Host` field may have; which hosts are served is for the application to say.
///
/// Source: [RFC 3986 §3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2).
enum HostRules {
    /// Whether the bytes are a host with an optional port: no user name, path or blank. Empty is legal too.
    static func isLegal(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let name = bytes.first == UInt8(ascii: "[") ? addressLength(bytes) : nameLength(bytes)
        guard let name else { return false }
        guard name < bytes.count else { return true }
        guard bytes[name] == UInt8(ascii: ":") else { return false }
        return bytes[(name + 1)...].allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The length of an address in brackets at the beginning.
    private static func addressLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), close > 1 else { return nil }
        guard bytes[1..<close].allSatisfy({ isNameByte($0) || $0 == UInt8(ascii: ":") }) else { return nil }
        return close + 1
    }

    /// The length of a name at the beginning.
    private static func nameLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        return bytes[..<end].allSatisfy(isNameByte) ? end : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        // - . _ ~ % ! $ & ' ( ) * + , ; =
        case 0x2D, 0x2E, 0x5F, 0x7E, 0x25, 0x21, 0x24, 0x26...0x2C, 0x3B, 0x3D: true
        default: false
        }
    }
}
