import MartletIO
import Testing

@testable import MartletServer

/// The bytes of the PROXY protocol, without sockets.
@Suite struct ProxyHeaderTests {
    struct Valid: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        /// `nil`: the socket's own address stands.
        let source: SocketAddress?
    }

    private static func line(_ text: String) -> [UInt8] { Array((text + "\r\n").utf8) }

    /// A header of version 2 with the length that its content has, unless told.
    private static func binary(
        _ versionAndCommand: UInt8, _ family: UInt8, _ content: [UInt8], length: Int? = nil
    ) -> [UInt8] {
        let length = length ?? content.count
        return ProxyHeader.signature + [versionAndCommand, family, UInt8(length >> 8), UInt8(length & 255)] + content
    }

    private static let ipv4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 7, 0xDC, 0x04, 0x01, 0xBB]
    private static let ipv6: [UInt8] =
        [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1]
        + [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [2] + [0xDC, 0x04, 0x01, 0xBB]

    // Sections 2.1 and 2.2
    static let valid = [
        Valid(
            testDescription: "IPv4", bytes: line("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443"),
            source: SocketAddress(host: "192.0.2.1", port: 56_324)),
        Valid(
            testDescription: "IPv6", bytes: line("PROXY TCP6 2001:DB8::1 2001:db8::2 0 65535"),
            source: SocketAddress(host: "2001:db8::1", port: 0)),
        Valid(
            testDescription: "IPv4 written as IPv6", bytes: line("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2"),
            source: SocketAddress(host: "192.0.2.1", port: 1)),
        Valid(testDescription: "unknown, short", bytes: line("PROXY UNKNOWN"), source: nil),
        Valid(
            testDescription: "unknown, as long as allowed",
            bytes: line("PROXY UNKNOWN " + String(repeating: "f", count: 91)), source: nil),
        Valid(
            testDescription: "binary IPv4", bytes: binary(0x21, 0x11, ipv4),
            source: SocketAddress(host: "192.0.2.1", port: 56_324)),
        Valid(
            testDescription: "binary IPv6", bytes: binary(0x21, 0x21, ipv6),
            source: SocketAddress(host: "2001:db8::1", port: 56_324)),
        Valid(
            testDescription: "binary UDP over IPv4", bytes: binary(0x21, 0x12, ipv4),
            source: SocketAddress(host: "192.0.2.1", port: 56_324)),
        Valid(
            testDescription: "binary with what follows the addresses",
            bytes: binary(0x21, 0x11, ipv4 + [0x03, 0, 4, 1, 2, 3, 4, 0x20, 0, 3, 0, 0, 0]),
            source: SocketAddress(host: "192.0.2.1", port: 56_324)),
        Valid(testDescription: "local", bytes: binary(0x20, 0x00, []), source: nil),
        Valid(testDescription: "local with addresses", bytes: binary(0x20, 0x11, ipv4), source: nil),
        Valid(testDescription: "local with an unknown family", bytes: binary(0x20, 0xF7, [1, 2, 3]), source: nil),
        Valid(testDescription: "unspecified family", bytes: binary(0x21, 0x00, [1, 2, 3]), source: nil),
        Valid(testDescription: "unspecified transport", bytes: binary(0x21, 0x10, ipv4), source: nil),
        Valid(
            testDescription: "Unix socket", bytes: binary(0x21, 0x31, Array(repeating: 0x2F, count: 216)), source: nil),
        Valid(
            testDescription: "as long as allowed", bytes: binary(0x21, 0x11, ipv4 + Array(repeating: 0, count: 4_068)),
            source: SocketAddress(host: "192.0.2.1", port: 56_324)),
    ]

    @Test(arguments: valid)
    func `a header is read wherever it is cut`(example: Valid) throws {
        let rest = Array("GET / HTTP/1.1\r\n".utf8)
        for count in 0..<example.bytes.count {
            #expect(try parse(Array(example.bytes[..<count])) == .needMore, "after \(count) bytes")
        }
        let header = ProxyHeader(source: example.source)
        for count in [0, 1, rest.count] {
            #expect(try parse(example.bytes + rest[..<count]) == .header(header, length: example.bytes.count))
        }
    }

    struct Invalid: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let error: ProxyHeaderError
    }

    private static let badPort = ProxyHeaderError.malformed("a port is no number from 0 to 65535")
    private static let badIPv4 = ProxyHeaderError.malformed("an address is none of TCP4")
    private static let badIPv6 = ProxyHeaderError.malformed("an address is none of TCP6")

    static let invalid = [
        Invalid(testDescription: "a request", bytes: Array("G".utf8), error: .missing),
        Invalid(testDescription: "a TLS handshake", bytes: [0x16, 3, 1], error: .missing),
        Invalid(testDescription: "a method that begins alike", bytes: Array("PROP".utf8), error: .missing),
        Invalid(testDescription: "small letters", bytes: Array("proxy".utf8), error: .missing),
        Invalid(
            testDescription: "a blank with a mark", bytes: line("PROXY \u{301}"),
            error: .malformed("its protocol is none of TCP4, TCP6 and UNKNOWN")),
        Invalid(
            testDescription: "a blank that a letter joins", bytes: line("PROXY TCP4 192.0.2.1\u{600} 198.51.100.7 1 2"),
            error: badIPv4),
        Invalid(testDescription: "a blank line first", bytes: [0x0D, 0x0A, 0x50], error: .missing),
        Invalid(
            testDescription: "bare LF", bytes: Array("PROXY UNKNOWN\n".utf8),
            error: .malformed("its line ends without CR")),
        Invalid(
            testDescription: "bare CR", bytes: Array("PROXY UNKNOWN\rG".utf8),
            error: .malformed("its line ends without LF")),
        Invalid(
            testDescription: "108 bytes", bytes: line("PROXY UNKNOWN " + String(repeating: "f", count: 92)),
            error: .malformed("its line is longer than 107 bytes")),
        Invalid(
            testDescription: "no end", bytes: Array(("PROXY " + String(repeating: "f", count: 101)).utf8),
            error: .malformed("its line is longer than 107 bytes")),
        Invalid(
            testDescription: "another protocol", bytes: line("PROXY UDP4 192.0.2.1 192.0.2.2 1 2"),
            error: .malformed("its protocol is none of TCP4, TCP6 and UNKNOWN")),
        Invalid(
            testDescription: "no protocol", bytes: line("PROXY "),
            error: .malformed("its protocol is none of TCP4, TCP6 and UNKNOWN")),
        Invalid(
            testDescription: "two blanks", bytes: line("PROXY TCP4  192.0.2.1 192.0.2.2 1 2"),
            error: .malformed("it needs two addresses and two ports")),
        Invalid(
            testDescription: "a port too few", bytes: line("PROXY TCP4 192.0.2.1 192.0.2.2 1"),
            error: .malformed("it needs two addresses and two ports")),
        Invalid(
            testDescription: "IPv6 as TCP4", bytes: line("PROXY TCP4 ::1 ::1 1 2"), error: badIPv4),
        Invalid(
            testDescription: "IPv4 as TCP6", bytes: line("PROXY TCP6 192.0.2.1 192.0.2.2 1 2"), error: badIPv6),
        Invalid(
            testDescription: "zeros in front", bytes: line("PROXY TCP4 192.0.02.1 192.0.2.2 1 2"), error: badIPv4),
        Invalid(testDescription: "brackets", bytes: line("PROXY TCP6 [::1] ::1 1 2"), error: badIPv6),
        Invalid(testDescription: "a zone", bytes: line("PROXY TCP6 fe80::1%eth0 ::1 1 2"), error: badIPv6),
        Invalid(testDescription: "no number", bytes: line("PROXY TCP4 192.0.2.1 192.0.2.2 +1 2"), error: badPort),
        Invalid(testDescription: "no port", bytes: line("PROXY TCP4 192.0.2.1 192.0.2.2  2"), error: badPort),
        Invalid(testDescription: "octal", bytes: line("PROXY TCP4 192.0.2.1 192.0.2.2 01 2"), error: badPort),
        Invalid(
            testDescription: "a port too large", bytes: line("PROXY TCP4 192.0.2.1 192.0.2.2 1 65536"), error: badPort),
        Invalid(
            testDescription: "overflow", bytes: line("PROXY TCP4 192.0.2.1 192.0.2.2 99999999999999999999 1"),
            error: badPort),
        Invalid(
            testDescription: "version 1 in binary", bytes: binary(0x11, 0x11, ipv4),
            error: .malformed("its version is not 2")),
        Invalid(
            testDescription: "a third command", bytes: binary(0x22, 0x11, ipv4),
            error: .malformed("its command is neither LOCAL nor PROXY")),
        Invalid(
            testDescription: "a fourth family", bytes: binary(0x21, 0x41, ipv4),
            error: .malformed("its address family or transport is unknown")),
        Invalid(
            testDescription: "a third transport", bytes: binary(0x21, 0x13, ipv4),
            error: .malformed("its address family or transport is unknown")),
        Invalid(
            testDescription: "too short for IPv4", bytes: binary(0x21, 0x11, Array(ipv4.dropLast())),
            error: .malformed("it is too short for its addresses")),
        Invalid(
            testDescription: "IPv4 called IPv6", bytes: binary(0x21, 0x21, ipv4),
            error: .malformed("it is too short for its addresses")),
        Invalid(
            testDescription: "longer than allowed", bytes: binary(0x21, 0x11, [], length: 65_535),
            error: .malformed("it is longer than 4096 bytes")),
    ]

    @Test(arguments: invalid)
    func `what is no header is refused wherever it is cut`(example: Invalid) throws {
        var found: ProxyHeaderError?
        for count in 0...example.bytes.count where found == nil {
            do throws(ProxyHeaderError) {
                let step = try parse(Array(example.bytes[..<count]))
                #expect(step == .needMore, "after \(count) bytes")
            } catch {
                found = error
            }
        }
        #expect(found == example.error)
        // In one piece it is refused for the same reason.
        #expect(throws: example.error) { try parse(example.bytes) }
    }

    @Test func `headers that were changed anywhere never do harm`() throws {
        for example in Self.valid where example.bytes.count < 300 {
            for index in example.bytes.indices {
                for value in [0, 0x0A, 0x0D, 0x20, 0x39, 0x7F, 0xFF] as [UInt8] {
                    var bytes = example.bytes
                    bytes[index] = value
                    guard case .header(_, let length)? = try? parse(bytes) else { continue }
                    #expect(length <= bytes.count)
                }
            }
        }
    }

    private func parse(_ bytes: [UInt8]) throws(ProxyHeaderError) -> ProxyHeader.Step {
        try bytes.span.withUnsafeBytes { (bytes) throws(ProxyHeaderError) in try ProxyHeader.parse(bytes) }
    }
}
