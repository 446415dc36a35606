import MartletHTTP
import MartletServer

/// A request target means one path, which cannot lead out of a folder and is the same when it is encoded again.
enum TargetProperties {
    private static let limits = HeadLimits(headSize: 20_000, headerCount: 4, targetLength: 8_000)

    @Sendable static func check(_ input: [UInt8]) {
        guard let target = parse(input) else { return }
        let segments = target.path.split(separator: "/", omittingEmptySubsequences: false)
        require(!segments.contains("..") && !segments.contains("."), "a dot segment in \(target.path)")
        require(!target.path.utf8.contains(0), "NUL in \(target.path)")
        require(target.raw.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "the target \(target.raw.debugDescription)")
        guard target.path != "*" else { return }
        require(target.path.utf8.first == UInt8(ascii: "/"), "the path \(target.path)")
        checkAgain(target)
        checkHost(target)
    }

    private static func parse(_ target: [UInt8]) -> RequestTarget? {
        var parser = RequestParser(limits: limits)
        let bytes = Array("OPTIONS ".utf8) + target + Array(" HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        guard case .head(let head, let length)? = try? bytes.withUnsafeBytes({ try parser.parse($0) }),
            length == bytes.count
        else { return nil }
        return head.target
    }

    private static func checkAgain(_ target: RequestTarget) {
        let path = PathEncoding.encode(target.path)
        let again = parse(Array("\(path)?\(target.query)".utf8))
        require(again?.path == target.path, "\(target.path) becomes \(again?.path ?? "nothing") by way of \(path)")
        require(again?.query == target.query, "\(target.query) becomes \(again?.query ?? "nothing")")
        // A browser takes what follows two slashes for a host.
        require(!path.hasPrefix("//"), "the path \(path)")
    }

    private static func checkHost(_ target: RequestTarget) {
        guard let authority = target.authority, let host = RequestHost(authority) else { return }
        require(RequestHost(host.description) == host, "the host \(authority) becomes \(host)")
    }
}
