import MartletHTTP
import MartletIO
import MartletValues

/// Version 2: 16 bytes, then as many as they tell.
extension ProxyHeader {
    static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    private static let fixedSize = 16

    /// The address families, with the size of the two addresses and their ports.
    private static let families: [UInt8: Int] = [0: 0, 1: 12, 2: 36, 3: 216]

    static func parseBinary(_ bytes: UnsafeRawBufferPointer) throws(ProxyHeaderError) -> Step {
        guard isPrefix(bytes, of: signature) else { throw .missing }
        if bytes.count > 12 {
            guard bytes[12] >> 4 == 2 else { throw .malformed("its version is not 2") }
            guard bytes[12] & 0x0F <= 1 else { throw .malformed("its command is neither LOCAL nor PROXY") }
        }
        guard bytes.count >= fixedSize else { return .needMore }
        let length = fixedSize + Int(bytes[14]) << 8 + Int(bytes[15])
        guard length <= largestSize else { throw .malformed("it is longer than \(largestSize) bytes") }
        guard bytes.count >= length else { return .needMore }
        let content = UnsafeRawBufferPointer(rebasing: bytes[fixedSize..<length])
        // LOCAL: the connection is the load balancer's own, and whatever else the header says is ignored.
        let isLocal = bytes[12] & 0x0F == 0
        return .header(isLocal ? ProxyHeader() : try header(family: bytes[13], content), length: length)
    }

    /// Reads the addresses; what follows them (certificates, names, checksums) is passed over.
    private static func header(
        family: UInt8, _ content: UnsafeRawBufferPointer
    ) throws(ProxyHeaderError) -> ProxyHeader {
        guard let size = families[family >> 4], family & 0x0F <= 2 else {
            throw .malformed("its address family or transport is unknown")
        }
        guard content.count >= size else { throw .malformed("it is too short for its addresses") }
        // Unspecified, or between sockets that have no address: the socket's own stands.
        guard family & 0x0F != 0, size == 12 || size == 36 else { return ProxyHeader() }
        let addressSize = size == 12 ? 4 : 16
        let source = IPAddress(networkOrder: content.prefix(addressSize))
        let port = Int(content[2 * addressSize]) << 8 + Int(content[2 * addressSize + 1])
        return ProxyHeader(source: SocketAddress(host: source.description, port: port))
    }
}
