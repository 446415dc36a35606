import MartletHTTP
import MartletIO

/// What a load balancer says about a connection before it passes on the client's bytes.
///
/// Source: [The PROXY protocol](https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt), versions 1 and 2.
struct ProxyHeader: Equatable {
    /// The client; `nil` when the connection is the load balancer's own (such as a health check), or when it does not
    /// know: the socket's address then stands.
    var source: SocketAddress?

    /// What parsing has come to.
    enum Step: Equatable {
        /// The bytes are the beginning of a header.
        case needMore
        /// A header, and how many bytes it took.
        case header(ProxyHeader, length: Int)
    }

    /// The largest header of version 2, in bytes; addresses take 232, the rest is free-form. As nginx has it.
    static let largestSize = 4_096

    /// Parses a header of either version, which must stand at the very beginning.
    ///
    /// - Throws: As soon as the bytes cannot become a header: nobody waits for the rest of what is none.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(ProxyHeaderError) -> Step {
        guard let first = bytes.first else { return .needMore }
        if first == signature[0] { return try parseBinary(bytes) }
        guard isPrefix(bytes, of: Array("PROXY ".utf8)) else { throw .missing }
        return try parseLine(bytes)
    }

    /// Whether the bytes begin as `expected` does, as far as both go.
    static func isPrefix(_ bytes: UnsafeRawBufferPointer, of expected: [UInt8]) -> Bool {
        zip(bytes, expected).allSatisfy { $0 == $1 }
    }
}

/// Why the beginning of a connection is no header of the PROXY protocol.
enum ProxyHeaderError: Error, Hashable, CustomStringConvertible {
    /// Something else came, such as the request itself.
    case missing
    /// The connection ended within the header, or took too long.
    case incomplete
    /// A header that breaks the protocol; what is wrong.
    case malformed(String)

    var description: String {
        switch self {
        case .missing:
            "A connection came without a PROXY header. Let only the load balancer reach this port, have it send the "
                + "header, or switch 'proxyProtocol' off."
        case .incomplete:
            "A connection ended before its PROXY header was complete, or took too long."
        case .malformed(let problem):
            "A connection began with a broken PROXY header: \(problem). Look at the load balancer's settings."
        }
    }
}
