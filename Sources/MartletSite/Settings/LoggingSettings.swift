import MartletDebugging
public import MartletLogging
import MartletMiddleware

/// What is logged, in which form, and where it goes: the settings whose names begin with `LOG_`.
public struct LoggingSettings: Sendable {
    /// `LOG_FORMAT`: how lines look; a syslog has a form of its own.
    public var format: Format
    /// `LOG_LEVEL`, and `LOG_LEVELS` for the loggers whose names begin so: `martlet.sql=debug,blog=warning`.
    public var levels: LogLevels
    /// `LOG_DESTINATION`: where lines go.
    public var destination: Destination
    /// `LOG_WHEN_FULL`: what happens with events when lines cannot be written fast enough.
    public var overflow: LogOverflow
    /// `LOG_BUFFER_SIZE`: how many bytes wait to be written.
    public var bufferSize: Int
    /// `LOG_IP`: whether every event of a request has the client's address, which is personal data.
    public var tellsAddresses: Bool
    /// `LOG_REQUEST_STARTED`: the level at which the beginning of a request is told; `nil` where it is not.
    public var requestStarted: LogLevel?
    /// `LOG_QUIET_PATHS`: paths that orchestrators ask every few seconds; what succeeds there is not told.
    public var quietPaths: Set<String>
    /// `LOG_N_PLUS_ONE`: how often a request of debug mode may run statements of one shape before that is told; 0 for as
    /// often as it likes.
    public var nPlusOneThreshold: Int
    /// `LOG_SYSLOG_FACILITY`: what a syslog sorts messages by.
    public var syslogFacility: SyslogFacility
    /// `LOG_SYSLOG_PROGRAM`: the name of the program in a syslog; that of its file unless told.
    public var syslogProgram: String?

    /// How lines look.
    public enum Format: Sendable, Hashable {
        /// For people.
        case console
        /// For machines, as JSON.
        case json
        /// For machines, as `name=value`.
        case logfmt
    }

    /// Where lines go.
    public enum Destination: Sendable, Hashable {
        /// Standard error.
        case standardError
        /// Standard output.
        case standardOutput
        /// A file, which is opened anew when it was moved away.
        case file(String)
        /// A syslog.
        case syslog(SyslogServer)

        /// Reads `stderr`, `stdout`, `file:/var/log/site.log`, `syslog`, `syslog:/dev/log`, `syslog+udp://host:514` or
        /// `syslog+tcp://host:514`.
        ///
        /// - Returns: `nil` for any other text.
        public init?(_ text: String) {
            switch text {
            case "stderr": self = .standardError
            case "stdout": self = .standardOutput
            case "syslog": self = .syslog(.local())
            case _ where text.hasPrefix("file:/") && !text.utf8.contains(0): self = .file(String(text.dropFirst(5)))
            case _ where text.hasPrefix("syslog:/"), _ where text.hasPrefix("syslog+"):
                guard let server = SyslogServer(String(text.dropFirst(7))) else { return nil }
                self = .syslog(server)
            default: return nil
            }
        }
    }

    init(_ reader: inout SettingsReader) {
        reader.section("The log")
        format = reader.choice(
            "LOG_FORMAT", default: .console, ["console": .console, "json": .json, "logfmt": .logfmt],
            about: "console is for people, json and logfmt for log collectors.")
        levels = reader.levels()
        destination = .standardError
        reader.read(
            "LOG_DESTINATION",
            expected:
                "stderr, stdout, a file such as file:/var/log/site.log, or a syslog: syslog, syslog+udp://HOST or "
                + "syslog+tcp://HOST", into: &destination, default: "stderr",
            about: "Where lines go: stderr, stdout, file:/PATH, syslog (the machine's own), syslog+udp://HOST:PORT or "
                + "syslog+tcp://HOST:PORT."
        ) { Destination($0) }
        overflow = reader.choice(
            "LOG_WHEN_FULL", default: .drop, ["drop": .drop, "block": .block],
            about: "When lines cannot be written fast enough: drop counts what is lost, block lets the site wait.")
        bufferSize = 8 << 20
        reader.read(
            "LOG_BUFFER_SIZE", expected: "a size from 64KB to 1GB, such as 8MB", into: &bufferSize, default: "8MB",
            about: "How much waits to be written, at most."
        ) { text in Quantity.size(text).flatMap { (64 << 10...1 << 30).contains($0) ? $0 : nil } }
        tellsAddresses = reader.bool(
            "LOG_IP", default: false, for: .web,
            about: "Whether every event of a request has the client's address, which is personal data.")
        requestStarted = reader.choice(
            "LOG_REQUEST_STARTED", default: .info, ["info": .info, "debug": .debug, "off": nil], for: .web,
            about: "The level at which the beginning of a request is told: info, debug, or off.")
        quietPaths = Set(
            reader.list(
                "LOG_QUIET_PATHS", default: RequestLog.probePaths.sorted(), for: .web,
                about: "Paths that orchestrators ask every few seconds, with commas: what succeeds there is not told."))
        nPlusOneThreshold = reader.int(
            "LOG_N_PLUS_ONE", default: RepeatedStatements.usualThreshold, in: 0...1_000_000, for: .web,
            about: "With DEBUG, how often a request runs statements of one shape until that is told; 0 for never.")
        syslogFacility = reader.choice(
            "LOG_SYSLOG_FACILITY", default: .user, SyslogFacility.names, about: "What a syslog sorts messages by.")
        syslogProgram = reader.optionalText(
            "LOG_SYSLOG_PROGRAM", about: "The name of the program in a syslog; that of its file without it.")
    }

    /// Opens the destination.
    ///
    /// - Throws: ``MartletLogging/LogDestinationError`` when a file cannot be written.
    public func makeSink() throws(LogDestinationError) -> any LogSink {
        switch destination {
        case .standardError: stream(2)
        case .standardOutput: stream(1)
        case .file(let path):
            try FileSink(path, renderer: renderer(ConsoleRenderer()), capacity: bufferSize, overflow: overflow)
        case .syslog(let server):
            SyslogSink(
                server, SyslogRenderer(facility: syslogFacility, program: syslogProgram), capacity: bufferSize,
                overflow: overflow)
        }
    }

    private func stream(_ descriptor: Int32) -> StreamSink {
        StreamSink(
            descriptor: descriptor, renderer: renderer(.forTerminal(descriptor)), capacity: bufferSize,
            overflow: overflow)
    }

    private func renderer(_ console: ConsoleRenderer) -> any LogRenderer {
        switch format {
        case .console: console
        case .json: JSONLinesRenderer()
        case .logfmt: LogfmtRenderer()
        }
    }
}

extension SyslogFacility {
    fileprivate static let names: KeyValuePairs<String, SyslogFacility> = [
        "user": .user, "daemon": .daemon, "local0": .local0, "local1": .local1, "local2": .local2, "local3": .local3,
        "local4": .local4, "local5": .local5, "local6": .local6, "local7": .local7,
    ]
}

extension SettingsReader {
    fileprivate mutating func levels() -> LogLevels {
        let names = LogLevel.allCases.map(\.description).joined(separator: ", ")
        let standard: LogLevel = choice(
            "LOG_LEVEL", default: .info,
            ["debug": .debug, "info": .info, "warning": .warning, "error": .error, "critical": .critical],
            defaultName: "info", about: "debug, info, warning, error or critical: events below it are dropped.")
        let named = list(
            "LOG_LEVELS",
            expected: "the beginning of a logger's name, = and one of \(names), such as martlet.sql=debug",
            about: "Other levels for the loggers whose names begin so, with commas: martlet.sql=debug,blog=warning."
        ) { text -> (String, LogLevel)? in
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let level = LogLevel(String(parts[1])) else { return nil }
            return (String(parts[0]), level)
        }
        return LogLevels(standard, Dictionary(named) { $1 })
    }
}
