/// Why something could not be sent.
public struct TransferError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. A struct with static members: kinds may be added.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        /// The kind's name.
        public let description: String

        /// There is no such host, nobody listens, or the connection broke.
        public static let unreachable = Kind(description: "unreachable")
        /// It took too long.
        public static let timedOut = Kind(description: "timed out")
        /// The certificate is not that of the server, or the two cannot agree on encryption.
        public static let untrusted = Kind(description: "untrusted")
        /// The server did not take the name and password.
        public static let loginRefused = Kind(description: "login refused")
        /// The server refused what was sent.
        public static let refused = Kind(description: "refused")
        /// What to send cannot be sent: an address that is none, or an illegal header.
        public static let invalid = Kind(description: "invalid")
    }

    /// What kind of failure it is.
    public let kind: Kind

    /// Where to, without name and password.
    public let url: String

    /// The library's or the server's own words.
    public let message: String

    /// The kind, the address, and what was said.
    public var description: String { "Sending to \(url) failed (\(kind)): \(message)" }

    init(_ kind: Kind, _ url: String, _ message: String) {
        self.kind = kind
        self.url = url
        self.message = message
    }
}
