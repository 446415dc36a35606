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
        // By bytes: all that a host may have is ASCII, and every request asks.
        let bytes = description.utf8
        let isAddress = bytes.first == UInt8(ascii: "[")
        let end =
            isAddress
            ? bytes.firstIndex(of: UInt8(ascii: "]")).map { bytes.index(after: $0) } ?? bytes.startIndex
            : bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        let name = String(description[..<end])
        let isLegal =
            isAddress
            ? IPAddress(name) != nil && name.utf8.contains(UInt8(ascii: ":")) && !name.utf8.contains(UInt8(ascii: "%"))
            : !name.isEmpty && name.utf8.allSatisfy(\.isHostByte)
        guard isLegal else { return nil }
        self.name = name.utf8.contains(where: \.isUppercase) ? name.lowercased() : name
        if end == bytes.endIndex {
            port = nil
        } else {
            let digits = description[bytes.index(after: end)...]
            guard bytes[end] == UInt8(ascii: ":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let port = UInt16(digits)
            else { return nil }
            self.port = Int(port)
        }
    }

    /// `name` or `name:port`.
    public var description: String { port.map { "\(name):\($0)" } ?? name }
}

extension UInt8 {
    fileprivate var isUppercase: Bool { (0x41...0x5A).contains(self) }

    /// Whether the byte may stand in a host name: a letter, a digit, `-` or `.`; `_` as many names in private networks
    /// have it is refused, as in Django.
    fileprivate var isHostByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
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

    /// The only host that stands in the request, whatever it is; ``host`` looks at it.
    package var writtenHost: String? {
        if let forwarded = storage[ForwardedRequest.self]?.host { return forwarded }
        let fields = headers.values(.host)
        return fields.count == 1 ? fields[0] : nil
    }
}
