import MartletValues

/// Which proxies are believed when they tell for whom they ask.
///
/// Nobody is, unless it is configured: any client can send `X-Forwarded-For`. And only one family of headers is: a proxy
/// that overwrites `X-Forwarded-For` passes through the `Forwarded` that a client has invented.
///
/// ```swift
/// let settings = ForwardedSettings(proxies: ["127.0.0.1", "10.0.0.0/8"].compactMap(AddressRange.init))
/// ```
public struct ForwardedSettings: Sendable, Hashable {
    /// The addresses of the proxies, `unix` for those that connect through a Unix socket; a request that comes from
    /// elsewhere is taken as it is.
    public var proxies: [AddressRange]

    /// Whether the host that a trusted proxy tells replaces `Host` (`USE_X_FORWARDED_HOST` of Django).
    public var usesForwardedHost: Bool

    /// The headers in which the proxies tell for whom they ask; the others count for nothing.
    public var source: Source

    /// A family of headers.
    public struct Source: Sendable, Hashable {
        private let name: String

        /// `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`.
        public static let xForwarded = Source(name: "x-forwarded")

        /// `Forwarded`.
        ///
        /// Source: [RFC 7239](https://www.rfc-editor.org/rfc/rfc7239).
        public static let forwarded = Source(name: "forwarded")
    }

    /// Makes settings; by default nobody is trusted.
    public init(proxies: [AddressRange] = [], usesForwardedHost: Bool = false, source: Source = .xForwarded) {
        self.proxies = proxies
        self.usesForwardedHost = usesForwardedHost
        self.source = source
    }

    /// Whether an address is a trusted proxy's.
    func trusts(_ address: IPAddress?) -> Bool {
        guard let address else { return false }
        return proxies.contains { $0.contains(address) }
    }

    /// Whether the other end of a connection is a trusted proxy.
    func trusts(peer: String) -> Bool {
        AddressRange.contain(peer, proxies)
    }
}

extension Request {
    /// Believes what trusted proxies say about the request; done once, by the outermost layer.
    public mutating func believe(_ settings: ForwardedSettings) {
        storage[ForwardedRequest.self] = ForwardedRequest(self, settings)
    }

    /// The address of the client: of the socket's other end, or the one that trusted proxies tell.
    public var clientAddress: String { storage[ForwardedRequest.self]?.client ?? peerAddress }

    /// Whether the client came over HTTPS: to this server, or to a trusted proxy that says so.
    public var isSecure: Bool { storage[ForwardedRequest.self]?.isSecure ?? isEncrypted }

    /// `https` or `http`.
    public var scheme: String { isSecure ? "https" : "http" }
}
