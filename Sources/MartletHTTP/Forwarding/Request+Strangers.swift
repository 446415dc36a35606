extension Request {
    /// Whether a proxy has passed the request on that nobody trusts: then ``clientAddress`` is the proxy's, and says nothing
    /// of who asks.
    package var cameThroughStranger: Bool {
        guard headers.contains(.xForwardedFor) || headers.contains(.forwarded) else { return false }
        return storage[ForwardedRequest.self]?.isBelieved != true
    }

    /// Whether the client is in one of the networks, as far as the socket and trusted proxies can tell.
    package func comes(from networks: [AddressRange]) -> Bool {
        !cameThroughStranger && AddressRange.contain(clientAddress, networks)
    }
}
