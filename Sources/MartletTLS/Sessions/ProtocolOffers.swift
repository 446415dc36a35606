/// The protocols a client offers to speak inside TLS (ALPN).
///
/// Source: [RFC 7301 §3](https://www.rfc-editor.org/rfc/rfc7301#section-3).
enum ProtocolOffers {
    /// Finds HTTP/1.1 among the offers, each of which has its length before it.
    ///
    /// - Returns: `nil` when it is not offered: the handshake then fails with `no_application_protocol`, as §3.2
    ///   demands. A client that offers nothing at all is not asked here, and speaks HTTP/1.1.
    static func http11(in offers: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        var start = 0
        while start < offers.count {
            let end = start + 1 + Int(offers[start])
            guard end <= offers.count else { return nil }
            let offer = UnsafeBufferPointer(rebasing: offers[(start + 1)..<end])
            if offer.elementsEqual("http/1.1".utf8) { return offer }
            start = end
        }
        return nil
    }
}
