public import MartletHTTP
public import MartletTLS

/// Where a server listens, and every limit and timeout it keeps.
///
/// ```swift
/// var settings = ServerSettings()
/// settings.port = 8080
/// settings.idleTimeout = .seconds(20)
/// ```
public struct ServerSettings: Sendable {
    /// The name or numeric address to listen on; empty for every interface. `127.0.0.1` unless told.
    public var host = "127.0.0.1"

    /// The port; 0 lets the system choose a free one. 8000 unless told.
    public var port = 8000

    /// Where to listen, when that is more than one port of one host, or a Unix socket; empty, as it is unless told,
    /// means ``host`` and ``port``.
    public var addresses: [ListenAddress] = []

    /// The permission bits of Unix sockets' files: who may write to the file may connect. `0o660` unless told: the
    /// server's own user and group.
    public var unixSocketMode: UInt32 = 0o660

    /// The certificates for TLS; `nil`, as it is unless told, means that the server speaks plain HTTP.
    public var tls: TLSSettings?

    /// Whether connections begin with a header of the PROXY protocol, version 1 or 2, in which a load balancer tells
    /// who the client is. `false` unless told: a client could call itself whatever it likes.
    ///
    /// With it on, a connection without a valid header is closed.
    public var proxyProtocol = false

    /// The addresses of the load balancers that speak the PROXY protocol, `unix` for those on Unix sockets, where ``proxyProtocol`` is on; connections
    /// from elsewhere then begin with their request, or with TLS, and their addresses are their own. Empty, as it is
    /// unless told, means that every connection begins with a header.
    public var proxyProtocolPeers: [AddressRange] = []

    /// How many workers serve connections; 0, as it is unless told, means one for each processor.
    public var workers = 0

    /// How many connections may wait to be accepted, for each worker. 1,024 unless told.
    public var backlog = 1_024

    /// How many connections may be open in all; further ones get what ``connectionLimitAnswer`` says. 10,000 unless
    /// told.
    public var maximumConnections = 10_000

    /// How many connections one worker may have open; 0, as it is unless told, leaves that to ``maximumConnections``.
    public var maximumConnectionsPerWorker = 0

    /// What a client gets that connects beyond the limits. It waits in the backlog unless told.
    public var connectionLimitAnswer = ConnectionLimitAnswer.wait

    /// The largest request head, in bytes: request line and header fields; beyond it 431. 32 KB unless told.
    public var maximumHeadSize = 32_768

    /// The most header fields of a request; beyond it 431. 100 unless told.
    public var maximumHeaderCount = 100

    /// The longest request target, in bytes; beyond it 414. 8 KB unless told.
    public var maximumTargetLength = 8_192

    /// How much of a request's body is taken: in all, into memory, of a form; beyond it 413. A route may have its own.
    public var requestLimits = RequestLimits()

    /// Where files of a form that are too large for memory are written; the system's temporary directory unless told.
    /// They have no names there and vanish with the request.
    public var uploadDirectory: String?

    /// The most bytes of a body that no view wanted which are read and dropped to keep the connection; a connection
    /// with more to come is closed. 256 KB unless told.
    public var maximumDrainedBodySize = 262_144

    /// The most bytes of chunk extensions and trailers in one body; beyond it 400. 16 KB unless told.
    public var maximumChunkExtensionSize = 16_384

    /// How many answers to pipelined requests may be held back to be written together. 64 unless told.
    public var maximumPipelinedAnswers = 64

    /// How long a request head may take from its first byte, the first one from the opening of the connection; beyond
    /// it 408, or nothing when not a byte has come. 10 seconds unless told.
    public var headTimeout = Duration.seconds(10)

    /// How long a body that is being read may stand still, or be slower than ``minimumBodyRate`` in all; beyond it 408.
    /// Only the time in which somebody waits for the body counts. 20 seconds unless told.
    public var bodyTimeout = Duration.seconds(20)

    /// How many bytes a second of a body must come while somebody waits for it; one that is slower uses
    /// ``bodyTimeout`` up. 240 unless told; 0 takes any speed, as long as the body does not stand still.
    public var minimumBodyRate = 240

    /// How long a connection may wait for its next request; then it is closed. 75 seconds unless told.
    public var idleTimeout = Duration.seconds(75)

    /// How long the client may take nothing of an answer; then the connection is closed. 30 seconds unless told.
    public var writeTimeout = Duration.seconds(30)

    /// How long a view goes on for a client that has closed its half of the connection. Such a client either waits for
    /// its answer, as `nc` does, or has gone away; the two look the same. 0.5 seconds unless told.
    public var halfCloseTimeout = Duration.milliseconds(500)

    /// How long a connection that the server closes waits for the client to have read the answer. 2 seconds unless told.
    public var lingerTimeout = Duration.seconds(2)

    /// How long a server that is told to stop by a signal goes on as before, while ``Server/isDraining`` says so to those who
    /// ask for its health: as long as a load balancer needs to notice. Zero unless told; a second signal ends it.
    public var drainDelay = Duration.zero

    /// How long connections that have no request under way may still bring one when the server stops: it may be on its
    /// way already, and a client would have to guess whether it was served. Its answer says `Connection: close`. 1 second
    /// unless told.
    public var keepAliveGrace = Duration.seconds(1)

    /// How long a client may keep a server waiting that stops: for the rest of a head, for the next bytes of a body, for
    /// the end of a connection whose last answer it has. 2 seconds unless told.
    public var drainTimeout = Duration.seconds(2)

    /// How long requests in progress may take when the server stops; then their views are cancelled. 30 seconds unless
    /// told.
    public var shutdownGrace = Duration.seconds(30)

    /// Whether files are sent by the system without being copied through memory (`sendfile`), where that is possible.
    /// Turn it off for file systems that do it wrongly, such as shared folders of some virtual machines. On unless told.
    public var usesSendfile = true
    /// Whether SIGHUP replaces the process by a new one, as ``Server/run(started:)`` says; else it stops the server as
    /// SIGTERM does. `true` unless told.
    public var reloadsOnHangup = true

    /// How long the process that is to take over may need until it listens; then it is ended, and the old one goes on.
    /// 60 seconds unless told.
    public var reloadTimeout = Duration.seconds(60)

    /// Makes the settings with their defaults.
    public init() {}

    /// Where to listen, in any case.
    package var listenAddresses: [ListenAddress] {
        addresses.isEmpty ? [.tcp(host, port: port)] : addresses
    }

    /// What addresses of this server begin with.
    var scheme: String { tls == nil ? "http" : "https" }

    var headLimits: HeadLimits {
        HeadLimits(headSize: maximumHeadSize, headerCount: maximumHeaderCount, targetLength: maximumTargetLength)
    }
}
