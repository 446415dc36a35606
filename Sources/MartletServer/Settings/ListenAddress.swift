/// An address to listen on: a host and port, or a socket in the file system.
///
/// ```swift
/// settings.addresses = [.tcp("127.0.0.1", port: 8000), .tcp("::1", port: 8000), .unix("/run/blog/app.sock")]
/// ```
public struct ListenAddress: Sendable, Hashable, LosslessStringConvertible {
    enum Kind: Sendable, Hashable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    let kind: Kind

    /// A port of a host.
    ///
    /// - Parameters:
    ///   - host: A name or numeric address; empty for every interface, of IPv4 and of IPv6.
    ///   - port: 0 lets the system choose a free one.
    public static func tcp(_ host: String, port: Int) -> Self {
        Self(kind: .tcp(host: host, port: port))
    }

    /// A socket in the file system, whose clients are processes of the same machine.
    ///
    /// - Parameter path: Where; at most 107 bytes, in a folder that exists.
    public static func unix(_ path: String) -> Self {
        Self(kind: .unix(path: path))
    }

    private init(kind: Kind) {
        self.kind = kind
    }

    /// Reads `8000`, `127.0.0.1:8000`, `[::1]:8000` or `unix:/run/app.sock`.
    ///
    /// - Returns: `nil` when the text is none of these.
    public init?(_ description: String) {
        self.init(description, defaultHost: "127.0.0.1")
    }

    /// Reads an address that may be a port alone.
    package init?(_ description: String, defaultHost: String) {
        if description.hasPrefix("unix:") {
            let path = String(description.dropFirst(5))
            guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
            self = .unix(path)
            return
        }
        let colon = description.lastIndex(of: ":")
        let digits = colon.map { description[description.index(after: $0)...] } ?? description[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits),
            port <= 65_535
        else { return nil }
        guard let host = colon.map({ description[..<$0] }) else {
            self = .tcp(defaultHost, port: port)
            return
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.count > 2
        // `::1` alone is an address without a port, not port 1 of an address.
        guard isBracketed || !host.isEmpty && !host.contains(where: { ":[]".contains($0) }) else { return nil }
        self = .tcp(String(isBracketed ? host.dropFirst().dropLast() : host), port: port)
    }

    /// The address as ``init(_:)`` reads it.
    public var description: String {
        switch kind {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    /// Host and port; `nil` for a socket in the file system.
    package var hostAndPort: (host: String, port: Int)? {
        if case .tcp(let host, let port) = kind { (host, port) } else { nil }
    }
}
