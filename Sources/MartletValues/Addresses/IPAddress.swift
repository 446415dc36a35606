import Glibc

/// An IPv4 or IPv6 address.
public struct IPAddress: Sendable, Hashable, LosslessStringConvertible, Codable, Comparable {
    /// 16 bytes in network order; IPv4 in its IPv6-mapped form, so that `::ffff:10.0.0.1` is `10.0.0.1`.
    package let number: UInt128

    private static let mappedPrefix: UInt128 = 0xFFFF << 32

    package init(number: UInt128) {
        self.number = number
    }

    /// Whether the address is an IPv4 address.
    public var isIPv4: Bool { number >> 32 == 0xFFFF }

    /// Reads an address; brackets around an IPv6 address are taken off, a zone (`%eth0`) is refused.
    ///
    /// - Returns: `nil` when the text is no address.
    public init?(_ description: String) {
        let text =
            description.hasPrefix("[") && description.hasSuffix("]")
            ? String(description.dropFirst().dropLast()) : description
        // C reads a text up to its first zero byte.
        guard !text.utf8.contains(0) else { return nil }
        var ipv4 = in_addr()
        var ipv6 = in6_addr()
        if inet_pton(AF_INET, text, &ipv4) == 1 {
            number = Self.mappedPrefix | UInt128(UInt32(bigEndian: ipv4.s_addr))
        } else if inet_pton(AF_INET6, text, &ipv6) == 1 {
            number = withUnsafeBytes(of: &ipv6) { bytes in bytes.reduce(0) { $0 << 8 | UInt128($1) } }
        } else {
            return nil
        }
    }

    /// Makes an address from its bytes as they stand in a packet: 4 for IPv4, 16 for IPv6.
    package init(networkOrder bytes: some Collection<UInt8>) {
        let value = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        number = bytes.count == 4 ? Self.mappedPrefix | value : value
    }

    /// The address in its usual form.
    public var description: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isIPv4 {
            var address = in_addr(s_addr: UInt32(truncatingIfNeeded: number).bigEndian)
            inet_ntop(AF_INET, &address, &buffer, socklen_t(buffer.count))
        } else {
            var bytes = number.bigEndian
            inet_ntop(AF_INET6, &bytes, &buffer, socklen_t(buffer.count))
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The order of the numbers: IPv4 addresses stand together, in their own order.
    public static func < (left: IPAddress, right: IPAddress) -> Bool { left.number < right.number }

    /// Reads the usual form.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let address = IPAddress(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text.prefix(60))' is no IP address"))
        }
        self = address
    }

    /// Writes the usual form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
