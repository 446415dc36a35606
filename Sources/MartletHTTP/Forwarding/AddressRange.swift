public import MartletValues

/// A range of addresses, such as `10.0.0.0/8`; `unix` stands for the other ends of Unix sockets, which have none.
///
/// Source: [RFC 4632](https://www.rfc-editor.org/rfc/rfc4632).
public struct AddressRange: Sendable, Hashable, LosslessStringConvertible {
    private let first: UInt128
    private let mask: UInt128

    /// Whether this is not a range of addresses but the other ends of Unix sockets.
    let isUnix: Bool

    /// What a server reports as the address of a Unix socket's other end.
    static let unix = "unix"

    /// The range as it was written.
    public let description: String

    /// Reads an address with the length of its prefix, an address alone, or `unix`.
    ///
    /// - Returns: `nil` when the text is none of these, or has bits behind the prefix (`10.1.0.0/8` is probably a mistake).
    public init?(_ description: String) {
        isUnix = description == Self.unix
        if isUnix {
            (first, mask) = (0, 0)
            self.description = description
            return
        }
        let parts = description.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let text = parts.first, let address = IPAddress(String(text)) else { return nil }
        let bits = address.isIPv4 ? 32 : 128
        var length = bits
        if parts.count == 2 {
            guard let number = Int(parts[1]), (0...bits).contains(number), parts[1].allSatisfy(\.isNumber) else {
                return nil
            }
            length = number
        }
        // An IPv4 address is the lower 32 bits of the number; `0.0.0.0/0` must not take in IPv6.
        let free = bits - length
        mask = free == 128 ? 0 : UInt128.max << UInt128(free)
        first = address.number & mask
        guard first == address.number else { return nil }
        self.description = description
    }

    /// Whether one of the ranges takes in the other end of a connection, which has an address or is `unix`.
    package static func contain(_ peer: String, _ ranges: [AddressRange]) -> Bool {
        if peer == unix { return ranges.contains(where: \.isUnix) }
        guard let address = IPAddress(peer) else { return false }
        return ranges.contains { $0.contains(address) }
    }

    /// Whether the address is in the range.
    public func contains(_ address: IPAddress) -> Bool {
        !isUnix && address.number & mask == first
    }
}
