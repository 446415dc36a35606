/// Which proxies are believed when they tell for whom they ask.
///
/// Nobody is, unless it is configured: any client can send `X-Forwarded-For`.
///
/// ```swift
/// let settings = ForwardedSettings(proxies: ["127.0.0.1", "10.0.0.0/8"].compactMap(AddressRange.init))
/// ```
public struct ForwardedSettings: Sendable, Hashable {
    /// The addresses of the proxies, `unix` for those that connect through a Unix socket; a request that comes from
    /// elsewhere is taken as it is.
    public var proxies: [AddressRange]

    /// Whether `X-Forwarded-Host` of a trusted proxy replaces `Host` (`USE_X_FORWARDED_HOST` of Django).
    public var usesForwardedHost: Bool

    /// Makes settings; by default nobody is trusted.
    public init(proxies: [AddressRange] = [], usesForwardedHost: Bool = false) {
        self.proxies = proxies
        self.usesForwardedHost = usesForwardedHost
    }

    /// Whether an address is a trusted proxy's.
    func trusts(_ address: IPAddress?) -> Bool {
        guard let address else { return false }
        return proxies.contains { $0.contains(address) }
    }

    /// Whether the other end of a connection is a trusted proxy.
    func trusts(peer: String) -> Bool {
        peer == AddressRange.unix ? proxies.contains(where: \.isUnix) : trusts(IPAddress(peer))
    }
}

/// What trusted proxies have said about a request.
struct ForwardedRequest: Sendable, RequestStorageKey {
    typealias Value = ForwardedRequest

    var client: String
    var isSecure: Bool
    /// The value of `X-Forwarded-Host`, where it counts.
    var host: String?

    /// Follows the chain of proxies from the socket back to the first address that is not trusted: the right-most
    /// address that a trusted proxy has seen itself. What stands left of it can be invented by the client.
    init(_ request: Request, _ settings: ForwardedSettings) {
        client = request.peerAddress
        isSecure = request.isEncrypted
        guard settings.trusts(peer: client) else { return }
        let hops = Self.list(request, .xForwardedFor)
        var depth = 0
        for hop in hops.reversed() {
            // A hop that is no address was not written by a proxy of ours; the one that passed it on is the client.
            guard let address = IPAddress(hop) else { break }
            client = address.description
            depth += 1
            if !settings.trusts(address) { break }
        }
        let schemes = Self.list(request, .xForwardedProto)
        // With as many schemes as hops each belongs to a hop; else the last is what the nearest proxy says.
        let index = schemes.count == hops.count && depth > 0 ? schemes.count - depth : schemes.count - 1
        if schemes.indices.contains(index) { isSecure = schemes[index].lowercased() == "https" }
        if settings.usesForwardedHost { host = Self.list(request, .xForwardedHost).last }
    }

    private static func list(_ request: Request, _ name: HeaderName) -> [String] {
        request.headers.values(name).flatMap { $0.split(separator: ",").map { $0.trimmingBlanks() } }
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
