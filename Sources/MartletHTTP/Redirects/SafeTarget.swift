/// Whether an address that a client has sent stays on hosts that are trusted, however browsers may read it.
///
/// Source: Django's `url_has_allowed_host_and_scheme`; the [URL Standard](https://url.spec.whatwg.org/#url-parsing),
/// by which browsers take `\` for `/` and any number of slashes for two.
package enum SafeTarget {
    /// No address is longer; as Django's `MAX_URL_LENGTH`.
    private static let longest = 2_048

    /// Checks an address.
    ///
    /// - Parameters:
    ///   - address: Text of a client.
    ///   - hosts: In lower case, with their ports.
    ///   - requiresHTTPS: Whether a whole URL must be one of `https`.
    package static func isSafe(_ address: String, hosts: Set<String>, requiresHTTPS: Bool) -> Bool {
        let address = address.trimmingBlanks()
        guard !address.isEmpty, address.unicodeScalars.count <= longest,
            address.unicodeScalars.allSatisfy({ !$0.isControl }), address.unicodeScalars.first?.isInvisible == false
        else { return false }
        // Browsers take a backslash for a slash, but it may also stand in a name and password before a host.
        let asBrowsersReadIt = String(String.UnicodeScalarView(address.unicodeScalars.map { $0 == "\\" ? "/" : $0 }))
        return isAllowed(address, hosts, requiresHTTPS) && isAllowed(asBrowsersReadIt, hosts, requiresHTTPS)
    }

    private static func isAllowed(_ address: String, _ hosts: Set<String>, _ requiresHTTPS: Bool) -> Bool {
        // Browsers skip slashes until a host comes.
        guard !address.utf8.starts(with: Array("///".utf8)) else { return false }
        let reference = URLReference(address)
        guard let authority = reference.authority else { return reference.scheme == nil }
        let scheme = reference.scheme ?? "http"
        let hasWholeBrackets =
            authority.utf8.contains(UInt8(ascii: "[")) == authority.utf8.contains(UInt8(ascii: "]"))
        return hasWholeBrackets && hosts.contains(authority.lowercased())
            && (scheme == "https" || scheme == "http" && !requiresHTTPS)
    }
}

extension Unicode.Scalar {
    /// Browsers drop these wherever they stand.
    fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

    /// Any of Unicode's categories "other": browsers may drop it where an address begins.
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}

extension Request {
    /// Whether an address that the client has sent leads to this site: to the request's own host or one of those given,
    /// by `https` where the request came that way.
    ///
    /// - Parameters:
    ///   - address: Text of a client, such as that of `?next=`.
    ///   - allowedHosts: Hosts beside the request's own, with their ports.
    public func allowsRedirect(to address: String, allowedHosts: Set<String> = []) -> Bool {
        var hosts = Set(allowedHosts.map { $0.lowercased() })
        if let host = try? host { hosts.insert(host.description) }
        return SafeTarget.isSafe(address, hosts: hosts, requiresHTTPS: isSecure)
    }
}
