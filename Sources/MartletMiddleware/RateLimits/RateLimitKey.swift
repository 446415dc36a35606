public import MartletHTTP
import MartletValues

/// Whose requests are counted together.
public struct RateLimitKey: Sendable {
    let key: @Sendable (Request) async throws -> String?

    /// Makes a key of anything: of a user's id, of a tenant.
    ///
    /// ```swift
    /// RateLimitKey { request in try await request.user?.id.description }
    /// ```
    ///
    /// - Parameter key: `nil` for a request that is not limited.
    public init(_ key: @escaping @Sendable (Request) async throws -> String?) {
        self.key = key
    }

    /// The client's address; of IPv6 its network of 64 bits, which is what one customer gets.
    ///
    /// Behind a proxy that is not trusted (`TRUSTED_PROXIES`) all clients have the proxy's address.
    public static let clientAddress = RateLimitKey { request in address(of: request) }

    /// The value of a header field; requests without it are counted by the client's address.
    ///
    /// Only for a field that a client cannot choose freely, such as a key that was checked before: with another value it
    /// counts as somebody else.
    public static func header(_ name: HeaderName) -> RateLimitKey {
        RateLimitKey { request in
            request.headers[name].map { "header " + $0 } ?? address(of: request)
        }
    }

    /// All requests together.
    public static let everyone = RateLimitKey { _ in "everyone" }

    private static func address(of request: Request) -> String {
        let address = request.clientAddress
        guard address.utf8.contains(UInt8(ascii: ":")), let parsed = IPAddress(address) else { return address }
        return parsed.network(ipv6: 64).description
    }
}
