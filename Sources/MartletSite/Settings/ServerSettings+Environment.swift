import Glibc
import MartletHTTP
public import MartletServer
import MartletTLS

extension ServerSettings {
    /// Reads where to listen, limits and timeouts from the environment.
    ///
    /// `HOST`, `PORT`, `WORKERS`, and the variables whose names begin with `SERVER_`; `Docs/server.md` lists them.
    /// What does not fit is reported to the reader, and the default stands.
    public init(_ reader: inout SettingsReader) {
        self.init()
        reader.section("The server", for: .web)
        host = reader.text("HOST", default: host, about: "The address to listen on.")
        port = reader.int("PORT", default: port, in: 0...65_535, about: "The port to listen on; 0 for any free one.")
        workers = reader.int(
            "WORKERS", default: workers, in: 0...1024, about: "Threads that serve connections; 0 for one a core.")
        for variable in Self.variables { variable.read(&reader, &self) }
    }

    /// The variables that set one property each, in the order of the documentation, which a test compares with them.
    package static let variables: [ServerVariable] = listening + connections + requests + forms + timeouts + stopping

    private static let listening: [ServerVariable] = [
        .other(
            "SERVER_ADDRESSES", \.addresses, default: "",
            expected: "addresses such as 127.0.0.1:8000,unix:/run/app.sock",
            "where to listen, with commas, in place of `HOST` and `PORT`: `8000`, `127.0.0.1:8000`, `[::1]:8000`,"
                + " `unix:/run/app.sock`",
            addresses),
        .other(
            "SERVER_UNIX_SOCKET_MODE", \.unixSocketMode, default: "660",
            expected: "the permissions of a file in octal digits, such as 660",
            "who may connect to a Unix socket: the permissions of its file"
        ) { text in UInt32(text, radix: 8).flatMap { $0 <= 0o777 && !text.hasPrefix("+") ? $0 : nil } },
        .other(
            "SERVER_TLS", \.tls, default: "", expected: "certificate:key, two paths, such as fullchain.pem:key.pem",
            "the certificate and its key, to speak HTTPS: two paths with a colon between them; several pairs with commas",
            certificates),
        .flag(
            "SERVER_PROXY_PROTOCOL", \.proxyProtocol,
            "whether a load balancer tells the client's address by the PROXY protocol, version 1 or 2"),
        .other(
            "SERVER_PROXY_PROTOCOL_PEERS", \.proxyProtocolPeers, default: "",
            expected: "addresses or networks such as 10.0.0.0/8",
            "the addresses of those load balancers, with commas; without any, every connection must begin so"
        ) { text in
            let peers = text.split(separator: ",").map { AddressRange(String($0).trimmingSpaces) }
            return peers.contains(nil) ? nil : peers.compactMap(\.self)
        },
        .count(
            "SERVER_BACKLOG", \.backlog, in: 1...65_535,
            "connections that may wait to be accepted, for each listening socket"),
    ]

    private static func addresses(_ text: String) -> [ListenAddress]? {
        let addresses = text.split(separator: ",").map { ListenAddress(String($0).trimmingSpaces) }
        return addresses.contains(nil) ? nil : addresses.compactMap(\.self)
    }

    private static func certificates(_ text: String) -> TLSSettings?? {
        let pairs = text.split(separator: ",").map { $0.split(separator: ":").map { String($0).trimmingSpaces } }
        guard !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 && !$0.contains("") }) else { return .none }
        return .certificates(pairs.map { .files(certificate: $0[0], key: $0[1]) })
    }

    private static let connections: [ServerVariable] = [
        .count(
            "SERVER_MAX_CONNECTIONS", \.maximumConnections, in: 1...1_000_000, "connections that may be open in all"),
        .count(
            "SERVER_MAX_CONNECTIONS_PER_WORKER", \.maximumConnectionsPerWorker, in: 0...1_000_000,
            "connections that one worker may have open; 0 for no limit of its own"),
        .other(
            "SERVER_CONNECTION_LIMIT", \.connectionLimitAnswer, default: "wait", expected: "one of wait, refuse",
            "what connections beyond these limits get: `wait` in the backlog, or `refuse` with 503 and `Retry-After`"
        ) { text in ["wait": .wait, "refuse": .refuse][text.lowercased()] },
        .count(
            "SERVER_MAX_PIPELINED_ANSWERS", \.maximumPipelinedAnswers, in: 1...100_000,
            "answers to pipelined requests that are held back to be written together"),
        .flag(
            "SERVER_USES_SENDFILE", \.usesSendfile,
            "whether the system sends files by itself; `false` for file systems that do it wrongly"),
    ]

    private static let requests: [ServerVariable] = [
        .size("SERVER_MAX_HEAD_SIZE", \.maximumHeadSize, least: 256, "largest request head; beyond it 431"),
        .count("SERVER_MAX_HEADER_COUNT", \.maximumHeaderCount, in: 1...100_000, "most header fields; beyond it 431"),
        .size("SERVER_MAX_TARGET_LENGTH", \.maximumTargetLength, least: 16, "longest request target; beyond it 414"),
        .size("SERVER_MAX_BODY_SIZE", \.requestLimits.bodyBytes, least: 0, "largest body of any kind; beyond it 413"),
        .size(
            "SERVER_MAX_COLLECTED_BODY_SIZE", \.requestLimits.collectedBytes, least: 0,
            "largest body that a view collects in memory, unless the view says otherwise; beyond it 413"),
        .size(
            "SERVER_MAX_DRAINED_BODY_SIZE", \.maximumDrainedBodySize, least: 0,
            "most of a body that no view wanted which is read to keep the connection"),
        .size(
            "SERVER_MAX_CHUNK_EXTENSION_SIZE", \.maximumChunkExtensionSize, least: 0,
            "most chunk extensions and trailers of one body; beyond it 400"),
    ]

    private static let forms: [ServerVariable] = [
        .count(
            "SERVER_MAX_JSON_DEPTH", \.requestLimits.jsonDepth, in: 1...512,
            "how deep arrays and objects of JSON may nest; beyond it 400"),
        .count("SERVER_MAX_FORM_FIELDS", \.requestLimits.fields, in: 0...1_000_000, "most fields of a form"),
        .count("SERVER_MAX_FORM_FILES", \.requestLimits.files, in: 0...1_000_000, "most files of a form"),
        .size("SERVER_MAX_FILE_SIZE", \.requestLimits.fileBytes, least: 0, "largest file of a form; beyond it 413"),
        .size(
            "SERVER_MAX_FILE_MEMORY", \.requestLimits.fileMemoryBytes, least: 0,
            "most of a form's files that is kept in memory; what goes beyond it becomes a temporary file"),
        .size(
            "SERVER_MAX_PART_HEADER_SIZE", \.requestLimits.partHeaderBytes, least: 64,
            "largest head of one part of a form"),
        .count(
            "SERVER_MAX_PART_HEADERS", \.requestLimits.partHeaders, in: 1...1_000,
            "most header fields of one part of a form"),
        .size("SERVER_MAX_FIELD_NAME_LENGTH", \.requestLimits.nameBytes, "longest name of a field of a form"),
        .size(
            "SERVER_MAX_FILE_NAME_LENGTH", \.requestLimits.fileNameBytes,
            "longest name of a file; a longer one is shortened before its extension"),
        .other(
            "SERVER_UPLOAD_DIRECTORY", \.uploadDirectory, default: "", expected: "a directory that exists",
            "where large files of forms are written until the request ends, in place of the system's temporary directory"
        ) { path in
            // Said now, and not when the first large file arrives.
            access(path, W_OK | X_OK) == 0 ? .some(path) : String??.none
        },
    ]

    private static let timeouts: [ServerVariable] = [
        .duration("SERVER_HEAD_TIMEOUT", \.headTimeout, "how long a request head may take; beyond it 408"),
        .duration("SERVER_BODY_TIMEOUT", \.bodyTimeout, "how long a body may stand still; beyond it 408"),
        .size(
            "SERVER_MIN_BODY_RATE", \.minimumBodyRate, least: 0,
            "bytes a second that a body must bring once that time is used up; beyond it 408; 0 for no such limit"),
        .duration("SERVER_IDLE_TIMEOUT", \.idleTimeout, "how long a connection waits for its next request"),
        .duration("SERVER_WRITE_TIMEOUT", \.writeTimeout, "how long a client may take nothing of its answer"),
        .duration(
            "SERVER_HALF_CLOSE_TIMEOUT", \.halfCloseTimeout, orZero: true,
            "how long a view goes on for a client that has finished sending, and may have gone away"),
        .duration(
            "SERVER_LINGER_TIMEOUT", \.lingerTimeout, orZero: true,
            "how long a connection that the server closes waits for the client to have read the answer"),
    ]

    private static let stopping: [ServerVariable] = [
        .duration(
            "SERVER_DRAIN_DELAY", \.drainDelay, orZero: true,
            "how long a server that gets SIGTERM goes on while `/ready/` says 503, so that load balancers notice"),
        .duration(
            "SERVER_SHUTDOWN_GRACE", \.shutdownGrace, orZero: true,
            "how long requests in progress may take when the server stops; then their views are cancelled"),
        .duration(
            "SERVER_KEEP_ALIVE_GRACE", \.keepAliveGrace, orZero: true,
            "how long a connection without a request may still bring one when the server stops"),
        .duration(
            "SERVER_DRAIN_TIMEOUT", \.drainTimeout,
            "how long a client that has stopped sending or reading may hold up a server that stops"),
        .duration(
            "SERVER_RELOAD_TIMEOUT", \.reloadTimeout, "how long the new process may need until it listens on SIGHUP"),
        .flag(
            "SERVER_RELOADS_ON_HANGUP", \.reloadsOnHangup,
            "whether SIGHUP lets a new process take over; else it stops the server, as it does with `DEBUG`"),
    ]
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
