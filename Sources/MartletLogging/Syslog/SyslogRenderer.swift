internal import Glibc
internal import MartletJSON

/// Messages for a syslog.
///
/// ```text
/// <134>1 2026-01-01T12:00:00.000000Z web1 blog 812 post_published [martlet@32473 logger="blog.views" post_id="7"] post_published
/// ```
///
/// The event's name is the message and its kind; the values are structured data. Control characters and marks that turn
/// the direction of writing are escaped as in JSON, so that a message stays one line wherever it is written.
///
/// Source: [RFC 5424](https://www.rfc-editor.org/rfc/rfc5424#section-6).
public struct SyslogRenderer: LogRenderer {
    /// What part of the machine messages come from.
    public let facility: SyslogFacility

    /// The longest message, in bytes without its line feed.
    public private(set) var maximumSize: Int

    /// What every message has behind its time: host, program, process.
    private let origin: [UInt8]

    private let structureName: [UInt8]

    /// Makes a renderer.
    ///
    /// - Parameters:
    ///   - facility: What part of the machine messages come from.
    ///   - program: The name of the program; that of its file unless told.
    ///   - host: The name of the machine; the system's unless told.
    ///   - process: The number of the process; this one's unless told.
    ///   - structure: The name of the values' structure: `name@` and the private enterprise number of whoever defines
    ///     it. The number unless told is the one for examples, as RFC 5612 has it.
    ///   - maximumSize: The longest message, in bytes; values beyond it are left out, and `values_omitted` tells how many.
    public init(
        facility: SyslogFacility = .user, program: String? = nil, host: String? = nil, process: Int32? = nil,
        structure: String = "martlet@32473", maximumSize: Int = 8_192
    ) {
        self.facility = facility
        // RFC 5424 §6.1: every receiver takes 480 bytes.
        self.maximumSize = max(maximumSize, 480)
        let fields = [(host ?? Self.hostName, 255), (program ?? Self.programName, 48), ("\(process ?? getpid())", 128)]
        origin = fields.flatMap { [0x20] + Self.plain($0.0, limit: $0.1) }
        structureName = Self.name(structure)
    }

    /// The same, with messages of at most so many bytes.
    func limited(to maximumSize: Int) -> SyslogRenderer {
        var limited = self
        limited.maximumSize = max(min(self.maximumSize, maximumSize), 480)
        return limited
    }

    /// Appends one message with a line feed.
    public func render(_ event: LogEvent, to bytes: inout [UInt8]) {
        appendMessage(event, to: &bytes)
        bytes.append(0x0A)
    }

    func appendMessage(_ event: LogEvent, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: "<\(facility.number * 8 + event.level.severity)>1 ".utf8)
        CalendarTime(microsecondsSince1970: event.microseconds).appendISO8601(to: &bytes, fraction: .always)
        bytes.append(contentsOf: origin)
        bytes.append(0x20)
        bytes.append(contentsOf: Self.plain(event.name, limit: 32))
        bytes.append(contentsOf: " [".utf8)
        bytes.append(contentsOf: structureName)
        let message = Self.message(event.name)
        appendValues(event, limit: start + maximumSize - message.count - Self.reserve, to: &bytes)
        bytes.append(0x5D)
        bytes.append(contentsOf: message)
    }

    /// For `values_omitted` and the end of the structure.
    private static let reserve = 40

    /// A blank and the event's name.
    private static func message(_ name: String) -> [UInt8] {
        var text: [UInt8] = [0x20]
        ConsoleText.appendVisible(name, to: &text)
        guard text.count > 200 else { return text }
        // A character is not cut in two.
        var end = 200
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(text[..<end])
    }

    private func appendValues(_ event: LogEvent, limit: Int, to bytes: inout [UInt8]) {
        var omitted = 0
        for field in CollectionOfOne(LogField("logger_", .string(event.logger))) + event.fields {
            let end = bytes.count
            Self.append(field.name == "logger_" ? "logger" : field.name, field.value, to: &bytes)
            guard bytes.count > limit else { continue }
            bytes.removeSubrange(end...)
            omitted += 1
        }
        if omitted > 0 { Self.append("values_omitted", .int(omitted), to: &bytes) }
    }

    private static func append(_ name: String, _ value: LogDatum, to bytes: inout [UInt8]) {
        bytes.append(0x20)
        bytes.append(contentsOf: Self.name(name))
        bytes.append(contentsOf: "=\"".utf8)
        // RFC 5424 §6.3.3: these three are escaped, and nothing else by the RFC.
        for byte in text(of: value) {
            if byte == 0x22 || byte == 0x5C || byte == 0x5D { bytes.append(0x5C) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    private static func text(of value: LogDatum) -> [UInt8] {
        var text: [UInt8] = []
        switch value {
        case .string(let string): ConsoleText.appendVisible(string, to: &text)
        case .list:
            ConsoleText.appendVisible(String(decoding: JSONLinesRenderer.text(of: value), as: UTF8.self), to: &text)
        default: value.appendPlain(to: &text)
        }
        return text
    }

    /// An SD-NAME: 1 to 32 printing characters of ASCII, without `=`, `]` and `"`.
    private static func name(_ name: String) -> [UInt8] {
        plain(name, limit: 32).map { $0 == 0x3D || $0 == 0x5D || $0 == 0x22 ? 0x5F : $0 }
    }

    /// Printing characters of ASCII, others as `_`; `-` for none.
    private static func plain(_ text: String, limit: Int) -> [UInt8] {
        let bytes = text.utf8.prefix(limit).map { (0x21...0x7E).contains($0) ? $0 : 0x5F }
        return bytes.isEmpty ? [0x2D] : bytes
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        // The last byte stays 0, whatever the system writes.
        guard gethostname(&name, 255) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static var programName: String {
        let path = CommandLine.arguments.first ?? ""
        return String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
    }
}

extension LogLevel {
    /// The severity of RFC 5424 §6.2.1, table 2.
    fileprivate var severity: Int {
        switch self {
        case .debug: 7
        case .info: 6
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
