/// The limits and times of a WebSocket, and who may open one.
///
/// ```swift
/// webSocket("chat/", chat, settings: WebSocketSettings(subprotocols: ["chat.v2", "chat.v1"]))
/// ```
public struct WebSocketSettings: Sendable {
    /// The largest message, in bytes; a larger one closes with 1009. 1 MiB unless told.
    public var maximumMessageSize = 1 << 20

    /// The largest frame, in bytes; a larger one closes with 1009. 1 MiB unless told.
    public var maximumFrameSize = 1 << 20

    /// The most frames of one message; more close with 1008, since frames without content could go on for ever. 1,024
    /// unless told.
    public var maximumFragments = 1_024

    /// How often the client is asked for a sign of life; one that has not answered when the next question is due has
    /// gone away. 20 seconds unless told, which also keeps proxies from closing what idles; `nil` for never.
    public var pingInterval: Duration? = .seconds(20)

    /// How long the client may take to answer a close. 5 seconds unless told.
    public var closeTimeout = Duration.seconds(5)

    /// The subprotocols that are spoken, the preferred one first; the first that the client offers too is chosen.
    public var subprotocols: [String]

    /// The sites whose pages may connect. Only this one, and those that the site trusts, unless told.
    public var origins: WebSocketOrigins

    /// Makes settings with their defaults.
    public init(subprotocols: [String] = [], origins: WebSocketOrigins = .sameSite) {
        self.subprotocols = subprotocols
        self.origins = origins
    }
}
