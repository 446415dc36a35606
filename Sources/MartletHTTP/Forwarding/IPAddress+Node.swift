package import MartletValues

extension IPAddress {
    /// Reads an address as proxies write it: also with a port, an IPv6 address in brackets or not.
    ///
    /// A zone (`%eth0`) is dropped: it means something on the proxy's machine only.
    ///
    /// - Returns: `nil` when the text is no address, such as `unknown` or `_hidden`.
    ///
    /// Source: [RFC 7239 §6](https://www.rfc-editor.org/rfc/rfc7239#section-6).
    package init?(node text: String) {
        // By bytes: a client can put a mark behind a colon, which makes another character of it.
        let bytes = text.utf8
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")), Self.isPort(text[bytes.index(after: end)...])
            else {
                return nil
            }
            let inside = text[bytes.index(after: bytes.startIndex)..<end]
            guard inside.utf8.contains(Self.colon) else { return nil }
            self.init(zoned: inside)
        } else if let colon = bytes.firstIndex(of: Self.colon), colon == bytes.lastIndex(of: Self.colon) {
            // A single colon is in no IPv6 address.
            guard Self.isPort(text[colon...]) else { return nil }
            self.init(String(text[..<colon]))
        } else {
            self.init(zoned: text[...])
        }
    }

    private static let colon = UInt8(ascii: ":")

    /// Whether the text is empty, or a colon with a port or a name for one (`_name`).
    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.utf8.first else { return true }
        let port = text.utf8.dropFirst()
        guard colon == Self.colon, let first = port.first else { return false }
        if first == UInt8(ascii: "_") { return port.count > 1 && port.allSatisfy(\.isTokenByte) }
        return port.count <= 5 && port.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Only what can name a zone is dropped: behind a `%` a client could hide the address that a proxy has added.
    private init?(zoned text: Substring) {
        let bytes = text.utf8
        guard let percent = bytes.firstIndex(of: UInt8(ascii: "%")), text[..<percent].utf8.contains(Self.colon) else {
            self.init(String(text))
            return
        }
        let zone = bytes[bytes.index(after: percent)...]
        guard !zone.isEmpty, zone.allSatisfy({ $0.isTokenByte && $0 != UInt8(ascii: "%") }) else { return nil }
        self.init(String(text[..<percent]))
    }
}
