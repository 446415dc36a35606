/// Where a syslog takes messages.
///
/// ```swift
/// SyslogSink(.local())                                  // the machine's own, at /dev/log
/// SyslogSink(.udp("logs.example.org"))
/// SyslogSink(.tcp("logs.example.org", port: 10514))
/// ```
public struct SyslogServer: Sendable, Hashable {
    enum Transport: Sendable, Hashable {
        case unix(String)
        case udp(String, UInt16)
        case tcp(String, UInt16)
    }

    let transport: Transport

    /// The longest message, in bytes. Values beyond it are left out, and `values_omitted` tells how many.
    public var maximumSize: Int

    /// The socket of the machine's own syslog, as datagrams.
    public static func local(_ path: String = "/dev/log") -> SyslogServer {
        SyslogServer(transport: .unix(path), maximumSize: 8_192)
    }

    /// Datagrams: nobody hears of those that get lost. They have at most 2,048 bytes unless told.
    ///
    /// Source: [RFC 5426](https://www.rfc-editor.org/rfc/rfc5426).
    public static func udp(_ host: String, port: UInt16 = 514) -> SyslogServer {
        SyslogServer(transport: .udp(host, port), maximumSize: 2_048)
    }

    /// A connection, with each message's length before it. A connection that is lost is made again; what waits meanwhile
    /// is kept as far as there is room.
    ///
    /// Source: [RFC 6587 §3.4.1](https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1), octet counting.
    public static func tcp(_ host: String, port: UInt16 = 514) -> SyslogServer {
        SyslogServer(transport: .tcp(host, port), maximumSize: 8_192)
    }

    /// Reads `/dev/log`, `udp://host:514` or `tcp://[::1]:514`; the port may be missing.
    ///
    /// - Returns: `nil` for any other text.
    public init?(_ text: String) {
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
        if text.hasPrefix("/") {
            self = .local(text)
            return
        }
        guard let colon = text.firstRange(of: "://") else { return nil }
        guard let (host, port) = Self.hostAndPort(text[colon.upperBound...]) else { return nil }
        switch text[..<colon.lowerBound] {
        case "udp": self = .udp(host, port: port)
        case "tcp": self = .tcp(host, port: port)
        default: return nil
        }
    }

    init(transport: Transport, maximumSize: Int) {
        self.transport = transport
        self.maximumSize = maximumSize
    }

    private static func hostAndPort(_ text: Substring) -> (String, UInt16)? {
        var host = text
        var port: UInt16 = 514
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            guard rest.isEmpty || read(rest.dropFirst(), &port) else { return nil }
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            guard !host.contains(":"), read(text[text.index(after: colon)...], &port) else { return nil }
        }
        let isHost = !host.isEmpty && !host.contains { "/@?#".contains($0) }
        return isHost ? (String(host), port) : nil
    }

    private static func read(_ text: Substring, _ port: inout UInt16) -> Bool {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(text), number > 0 else {
            return false
        }
        port = number
        return true
    }
}
