public import MartletHTTP

/// Something that happened in the server and that no response tells: for the log.
public struct ServerEvent: Sendable {
    /// What kind of thing happened; the names are stable and fit a log.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        /// The name, such as `request_refused`.
        public let description: String

        /// The server listens.
        public static let listening = Kind(description: "server_listening")
        /// The server was told to stop and goes on for ``ServerSettings/drainDelay``, so that nobody sends it more.
        public static let draining = Kind(description: "server_draining")
        /// The server has begun to stop.
        public static let stopping = Kind(description: "server_stopping")
        /// The server has stopped.
        public static let stopped = Kind(description: "server_stopped")
        /// A request was answered by the server itself, since it broke the protocol or a limit.
        public static let requestRefused = Kind(description: "request_refused")
        /// A view threw an error that has no response; the client got 500.
        public static let viewFailed = Kind(description: "view_failed")
        /// A response could not be sent as it was: its stream threw, or broke its declared length.
        public static let responseFailed = Kind(description: "response_failed")
        /// What was to be done after a response failed, where no site hears of it.
        public static let afterResponseFailed = Kind(description: "after_response_failed")
        /// A connection that had left HTTP for another protocol, such as WebSocket, ended with an error.
        public static let upgradeFailed = Kind(description: "upgrade_failed")
        /// The process that is to take over on SIGHUP has been started.
        public static let reloading = Kind(description: "server_reloading")
        /// Another process has taken over the listening sockets; this one serves what it has begun, and ends.
        public static let handedOver = Kind(description: "server_handed_over")
        /// No other process could take over; this one goes on.
        public static let reloadFailed = Kind(description: "server_reload_failed")
        /// As many connections are open as the settings allow; told once until it has not happened for five seconds.
        public static let connectionLimitReached = Kind(description: "connection_limit_reached")
        /// A connection could not be accepted; the server tries again. Told once until it has not happened for five
        /// seconds.
        public static let acceptFailed = Kind(description: "accept_failed")
        /// A client and the server could not agree on TLS; nothing is wrong with the server.
        public static let handshakeFailed = Kind(description: "tls_handshake_failed")
        /// A connection did not begin with a valid header of the PROXY protocol and was closed.
        public static let proxyHeaderRefused = Kind(description: "proxy_header_refused")
        /// A certificate has expired or is not valid yet, so that clients refuse it.
        public static let certificateUntimely = Kind(description: "tls_certificate_untimely")
        /// Certificates were read anew; connections from now on use them.
        public static let certificatesReloaded = Kind(description: "tls_certificates_reloaded")
        /// Certificates were to be read anew and could not be; those from before stay in use.
        public static let certificatesKept = Kind(description: "tls_certificates_kept")
    }

    /// What kind of thing happened.
    public let kind: Kind

    /// What happened, in words.
    public let message: String

    /// The status of the answer, where there was one.
    public var status: HTTPStatus?

    /// The path of the request, where there was one.
    public var path: String?

    /// The address of the client or proxy, where there was one.
    public var peerAddress: String?

    /// The error behind it, where there was one.
    public var error: (any Error)?
}

/// Takes the server's events; called on a worker, so it must not wait.
public typealias ServerEvents = @Sendable (ServerEvent) -> Void
