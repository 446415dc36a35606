import MartletHTTP
import MartletIO
import MartletValues

@testable import MartletServer

/// The header of a load balancer is the same however it is cut: a part of it is waited upon and never taken for more.
enum ProxyProperties {
    @Sendable static func check(_ input: [UInt8]) {
        let whole = parse(input)
        guard case .header(let header, let length)? = whole else {
            // What is refused early stays refused, and what is waited upon was not refused before.
            for count in 0..<min(input.count, 300) where parse(Array(input[..<count])) == nil {
                require(whole == nil, "\(count) bytes are refused, and all of them are not")
            }
            return
        }
        require(length > 0 && length <= min(input.count, ProxyHeader.largestSize), "a header of \(length) bytes")
        require(header.source.map { IPAddress($0.host) != nil } ?? true, "the client \(header)")
        for count in 0..<length { require(parse(Array(input[..<count])) == .needMore, "cut after \(count)") }
        require(parse(Array(input[..<length])) == whole, "without what follows")
    }

    /// `nil` when the bytes are refused.
    private static func parse(_ bytes: [UInt8]) -> ProxyHeader.Step? {
        try? bytes.withUnsafeBytes { try ProxyHeader.parse($0) }
    }
}
