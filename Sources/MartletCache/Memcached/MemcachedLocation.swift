/// Where a Memcached server listens.
///
/// ```swift
/// try MemcachedLocation("kvdb:11211")
/// try MemcachedLocation("unix:/run/memcached.sock")
/// ```
public struct MemcachedLocation: Sendable, Hashable, CustomStringConvertible {
    enum Address: Sendable, Hashable {
        case network(host: String, port: UInt16)
        case socket(path: String)
    }

    let address: Address

    /// The location as it is written.
    public let description: String

    /// Reads a location: `host`, `host:port`, `[IPv6 address]:port`, `unix:/path` or `/path`. The port is 11211 unless
    /// written.
    ///
    /// - Throws: ``CacheError/invalidLocation(location:reason:)``.
    ///
    /// Source: Django's `CACHES` setting, `LOCATION`.
    public init(_ location: String) throws(CacheError) {
        description = location
        func invalid(_ reason: String) -> CacheError { .invalidLocation(location: location, reason: reason) }
        guard !location.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw invalid("it has a blank or a control character")
        }
        guard !location.utf8.contains(where: { $0 == 0x2C || $0 == 0x3B }) else {
            throw invalid("it names more than one server")
        }
        let path = location.hasPrefix("unix:") ? String(location.dropFirst(5)) : location
        if path.hasPrefix("/") {
            // sockaddr_un has 108 bytes, the last of them a zero.
            guard path.utf8.count < 108 else { throw invalid("a socket's path has at most 107 bytes") }
            address = .socket(path: path)
            return
        }
        guard path == location else { throw invalid("a socket's path begins with a slash") }
        guard let (host, port) = Self.hostAndPort(location) else { throw invalid("it is no host with a port") }
        address = .network(host: host, port: port)
    }

    /// Reads several locations with commas or semicolons between them, as Django's `LOCATION` and `KVDB_LOCATION` have
    /// them.
    ///
    /// - Throws: ``CacheError/invalidLocation(location:reason:)`` for the first that cannot be read or stands there twice.
    public static func list(_ locations: String) throws(CacheError) -> [MemcachedLocation] {
        var list: [MemcachedLocation] = []
        for part in locations.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "," || $0 == ";" }) {
            let location = try MemcachedLocation(String(part.drop { $0 == " " }))
            guard !list.contains(where: { $0.address == location.address }) else {
                throw .invalidLocation(location: location.description, reason: "the same server stands there twice")
            }
            list.append(location)
        }
        return list
    }

    /// The server's name by which keys are spread over servers; pymemcache's.
    ///
    /// Source: `pymemcache.client.base.normalize_server_spec`, `HashClient._make_client_key`.
    var node: String {
        switch address {
        case .network(let host, let port): "\(host):\(port)"
        case .socket(let path): path
        }
    }

    private static func hostAndPort(_ text: String) -> (String, UInt16)? {
        var host = text[...]
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { return nil }
        guard let port else { return (String(host), 11_211) }
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port), number > 0 else {
            return nil
        }
        return (String(host), number)
    }
}
