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
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), Self.isPort(text[text.index(after: end)...]) else { return nil }
            let inside = text[text.index(after: text.startIndex)..<end]
            guard inside.contains(":") else { return nil }
            self.init(Self.withoutZone(inside))
        } else if let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") {
            // A single colon is in no IPv6 address.
            guard Self.isPort(text[colon...]) else { return nil }
            self.init(String(text[..<colon]))
        } else {
            self.init(Self.withoutZone(text[...]))
        }
    }

    /// Whether the text is empty, or a colon with a port or a name for one (`_name`).
    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.utf8.first else { return true }
        let port = text.utf8.dropFirst()
        guard colon == UInt8(ascii: ":"), let first = port.first else { return false }
        if first == UInt8(ascii: "_") { return port.count > 1 && port.allSatisfy(\.isTokenByte) }
        return port.count <= 5 && port.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func withoutZone(_ text: Substring) -> String {
        guard let percent = text.firstIndex(of: "%"), text[..<percent].contains(":") else { return String(text) }
        return String(text[..<percent])
    }
}
