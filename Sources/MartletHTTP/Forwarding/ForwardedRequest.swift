import MartletValues

/// What trusted proxies have said about a request.
struct ForwardedRequest: Sendable, RequestStorageKey {
    typealias Value = ForwardedRequest

    var client: String
    var isSecure: Bool
    /// Whether the socket's other end is a proxy that is trusted.
    private(set) var isBelieved = false
    /// The host that the proxies tell, where it counts.
    var host: String?

    /// Follows the chain of proxies from the socket back to the first address that is not trusted: the right-most
    /// address that a trusted proxy has seen itself. What stands left of it can be invented by the client.
    init(_ request: Request, _ settings: ForwardedSettings) {
        let peer = IPAddress(request.peerAddress)
        client = peer?.description ?? request.peerAddress
        isSecure = request.isEncrypted
        guard settings.trusts(peer: request.peerAddress) else { return }
        isBelieved = true
        if settings.source == .forwarded {
            followForwarded(request, settings)
        } else {
            followXForwarded(request, settings)
        }
    }

    private mutating func followXForwarded(_ request: Request, _ settings: ForwardedSettings) {
        let hops = request.headers.listElements(.xForwardedFor)
        var depth = 0
        for hop in hops.reversed() {
            // A hop that is no address was not written by a proxy of ours; the one that passed it on is the client.
            guard let address = IPAddress(node: hop) else { break }
            client = address.description
            depth += 1
            if !settings.trusts(address) { break }
        }
        let schemes = request.headers.listElements(.xForwardedProto)
        // With as many schemes as hops each belongs to a hop; else the last is what the nearest proxy says.
        let index = schemes.count == hops.count && depth > 0 ? schemes.count - depth : schemes.count - 1
        if schemes.indices.contains(index) { isSecure = schemes[index].lowercased() == "https" }
        if settings.usesForwardedHost { host = request.headers.listElements(.xForwardedHost).last }
    }

    /// Each element is one proxy's word about its own client, so an element counts when the one right of it, or the
    /// socket, names a trusted proxy.
    private mutating func followForwarded(_ request: Request, _ settings: ForwardedSettings) {
        for element in ForwardedElements(request.headers.values(.forwarded)) {
            if let scheme = element.scheme { isSecure = scheme.lowercased() == "https" }
            if settings.usesForwardedHost, let host = element.host { self.host = host }
            // The proxy hides its client (`unknown`, `_name`): then the proxy itself is the last that is known.
            guard let address = element.client.flatMap(IPAddress.init(node:)) else { return }
            client = address.description
            if !settings.trusts(address) { return }
        }
    }
}
