import MartletValues

/// The host that a client asked for, with its port.
///
/// Source: [RFC 9110 §7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2).
public struct RequestHost: Sendable, Hashable, LosslessStringConvertible {
    /// The name in lower case, or an address; an IPv6 address has its brackets.
    public let name: String

    /// The port; `nil` when it is not given, and so the scheme's own.
    public let port: Int?

    /// Reads `name` or `name:port`.
    ///
    /// - Returns: `nil` when the name has a byte that host names do not have, or the port is no number up to 65535.
    public init?(_ description: String) {
        let text = description.lowercased()
        let isAddress = text.hasPrefix("[")
        let end =
            isAddress
            ? text.firstIndex(of: "]").map { text.index(after: $0) } ?? text.startIndex
            : text.firstIndex(of: ":") ?? text.endIndex
        let name = text[..<end]
        let isLegal =
            isAddress
            ? IPAddress(String(name)) != nil && name.contains(":") && !name.contains("%")
            : !name.isEmpty && name.utf8.allSatisfy(\.isHostByte)
        guard isLegal else { return nil }
        self.name = String(name)
        if end == text.endIndex {
            port = nil
        } else {
            let digits = text[end...].dropFirst()
            guard text[end] == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits)
            else { return nil }
            self.port = Int(port)
        }
    }

    /// `name` or `name:port`.
    public var description: String { port.map { "\(name):\($0)" } ?? name }
}

extension UInt8 {
    /// Whether the byte may stand in a host name: a lower-case letter, a digit, `-` or `.`; `_` as many names in
    /// private networks have it is refused, as in Django.
    fileprivate var isHostByte: Bool {
        switch self {
        case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}

extension Request {
    /// The host that the client asked for.
    ///
    /// Any client can send any host: compare it with the allowed hosts before using it in a link.
    ///
    /// - Throws: ``HTTPError`` 400 when there is no host, more than one, or a malformed one.
    public var host: RequestHost {
        get throws(HTTPError) {
            let forwarded = storage[ForwardedRequest.self]?.host
            let fields = forwarded.map { [$0] } ?? headers.values(.host)
            guard fields.count == 1 else {
                throw HTTPError(
                    badInput: "The request has \(fields.isEmpty ? "no" : "more than one") Host.", field: "Host",
                    rule: fields.isEmpty ? .required : .duplicate)
            }
            guard let host = RequestHost(fields[0]) else {
                throw HTTPError(
                    badInput: "The Host \(fields[0].debugDescription) is no host name with a port.", field: "Host",
                    rule: .syntax)
            }
            return host
        }
    }
}
