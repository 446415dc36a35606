import MartletHTTP

/// The first line of a request.
///
/// Source: [RFC 9112 §3](https://www.rfc-editor.org/rfc/rfc9112#section-3).
struct RequestLine {
    let method: HTTPMethod
    let target: RequestTarget
    let isVersion10: Bool

    private static let space = UInt8(ascii: " ")
    private static let longestMethod = 32

    /// Reads a line without its CR LF.
    init(_ line: UnsafeRawBufferPointer, maximumTargetLength: Int) throws(ParseFailure) {
        guard let methodEnd = line.firstIndex(of: Self.space), methodEnd > 0 else {
            throw .badRequest("The request line is not 'METHOD target HTTP/1.1'.")
        }
        guard methodEnd <= Self.longestMethod else {
            throw ParseFailure(.notImplemented, "The request method is longer than \(Self.longestMethod) bytes.")
        }
        let methodBytes = UnsafeRawBufferPointer(rebasing: line[..<methodEnd])
        guard methodBytes.allSatisfy(\.isTokenByte) else {
            throw .badRequest("The request method is not a token.")
        }
        method = HTTPMethod(rawValue: String(decoding: methodBytes, as: UTF8.self))

        let rest = UnsafeRawBufferPointer(rebasing: line[(methodEnd + 1)...])
        guard let targetEnd = rest.firstIndex(of: Self.space), targetEnd > 0 else {
            throw .badRequest("The request line is not 'METHOD target HTTP/1.1'.")
        }
        isVersion10 = try Self.readVersion(UnsafeRawBufferPointer(rebasing: rest[(targetEnd + 1)...]))
        guard targetEnd <= maximumTargetLength else {
            throw ParseFailure(.uriTooLong, "The request target is longer than \(maximumTargetLength) bytes.")
        }
        guard method != .connect else {
            throw ParseFailure(.notImplemented, "This server opens no tunnels (CONNECT).")
        }
        let targetBytes = UnsafeRawBufferPointer(rebasing: rest[..<targetEnd])
        guard targetBytes.allSatisfy(Self.isTargetByte) else {
            throw .badRequest("The request target has a byte that must be percent-encoded.")
        }
        target = try RequestTarget(targetBytes, method: method)
    }

    /// Visible ASCII but `#`: a fragment is never sent. Some bytes that RFC 3986 wants escaped (`|`, `{`, `"`) come from
    /// browsers in queries and do no harm.
    private static func isTargetByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
    }

    private static func readVersion(_ bytes: UnsafeRawBufferPointer) throws(ParseFailure) -> Bool {
        guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), bytes[6] == UInt8(ascii: "."),
            (0x30...0x39).contains(bytes[5]), (0x30...0x39).contains(bytes[7])
        else { throw .badRequest("The request line does not end with 'HTTP/1.1'.") }
        switch (bytes[5], bytes[7]) {
        case (0x31, 0x31): return false
        case (0x31, 0x30): return true
        default: throw ParseFailure(.httpVersionNotSupported, "This server speaks HTTP/1.1 and HTTP/1.0.")
        }
    }
}
