import MartletHTTP
import MartletIO
import MartletValues

/// Version 1: a line of text.
extension ProxyHeader {
    /// The longest line with its CR LF, in bytes.
    private static let longestLine = 107

    static func parseLine(_ bytes: UnsafeRawBufferPointer) throws(ProxyHeaderError) -> Step {
        let window = UnsafeRawBufferPointer(rebasing: bytes.prefix(longestLine))
        guard let end = window.firstIndex(where: { $0 == 0x0D || $0 == 0x0A }) else {
            guard window.count < longestLine else { throw .malformed("its line is longer than 107 bytes") }
            return .needMore
        }
        guard window[end] == 0x0D else { throw .malformed("its line ends without CR") }
        guard end + 1 < window.count else {
            guard window.count < longestLine else { throw .malformed("its line is longer than 107 bytes") }
            return .needMore
        }
        guard window[end + 1] == 0x0A else { throw .malformed("its line ends without LF") }
        let text = String(decoding: window[..<end], as: UTF8.self)
        return .header(try header(of: text), length: end + 2)
    }

    private static func header(of line: String) throws(ProxyHeaderError) -> ProxyHeader {
        let words = line.split(at: " ", omittingEmptySubsequences: false)
        switch words.dropFirst().first {
        // What follows is to be ignored.
        case "UNKNOWN": return ProxyHeader()
        case "TCP4", "TCP6": break
        default: throw .malformed("its protocol is none of TCP4, TCP6 and UNKNOWN")
        }
        guard words.count == 6 else { throw .malformed("it needs two addresses and two ports") }
        let isIPv4 = words[1] == "TCP4"
        guard let source = address(words[2], isIPv4: isIPv4), address(words[3], isIPv4: isIPv4) != nil else {
            throw .malformed("an address is none of \(words[1])")
        }
        guard let port = port(words[4]), Self.port(words[5]) != nil else {
            throw .malformed("a port is no number from 0 to 65535")
        }
        return ProxyHeader(source: SocketAddress(host: source.description, port: port))
    }

    private static func address(_ text: Substring, isIPv4: Bool) -> IPAddress? {
        // The form tells the family, not the value: ::ffff:10.0.0.1 is written as an IPv6 address. No brackets here.
        guard text.contains(":") != isIPv4, !text.hasPrefix("[") else { return nil }
        return IPAddress(String(text))
    }

    private static func port(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || !text.hasPrefix("0") else {
            return nil
        }
        return Int(text).flatMap { $0 <= 65_535 ? $0 : nil }
    }
}
