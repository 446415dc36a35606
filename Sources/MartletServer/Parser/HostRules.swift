/// Which bytes a `Host` field may have; which hosts are served is for the application to say.
///
/// Source: [RFC 3986 §3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2).
enum HostRules {
    /// Whether the bytes are a host with an optional port: no user name, path or blank.
    static func isLegal(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var colons = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: ":"): colons += 1
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: continue
            // - . _ ~ % ! $ & ' ( ) * + , ; = [ ]
            case 0x2D, 0x2E, 0x5F, 0x7E, 0x25, 0x21, 0x24, 0x26...0x2C, 0x3B, 0x3D, 0x5B, 0x5D: continue
            default: return false
            }
        }
        return colons <= 1 || bytes.first == UInt8(ascii: "[")
    }
}
