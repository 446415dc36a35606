extension IPAddress {
    /// The network that the address is in: its first bits, the others zero.
    ///
    /// - Parameters:
    ///   - ipv4: How many bits of an IPv4 address count, up to 32.
    ///   - ipv6: How many bits of an IPv6 address count, up to 128.
    public func network(ipv4: Int = 32, ipv6: Int = 128) -> IPAddress {
        let free = isIPv4 ? 32 - min(max(ipv4, 0), 32) : 128 - min(max(ipv6, 0), 128)
        return IPAddress(number: free == 128 ? 0 : (number >> UInt128(free)) << UInt128(free))
    }
}
