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
        var origin: [UInt8] = []
        let fields = [(host ?? Self.hostName, 255), (program ?? Self.programName, 48), ("\(process ?? getpid())", 128)]
        for (field, limit) in fields {
            origin.append(0x20)
            Self.appendPlain(field, limit: limit, to: &origin)
        }
        self.origin = origin
        var name: [UInt8] = []
        Self.appendName(structure, to: &name)
        structureName = name
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
        bytes.append(0x3C)
        JSONNumber.append(facility.number * 8 + event.level.severity, to: &bytes)
        bytes.append(contentsOf: ">1 ".utf8)
        CalendarTime(microsecondsSince1970: event.microseconds).appendISO8601(to: &bytes, fraction: .always)
        bytes.append(contentsOf: origin)
        bytes.append(0x20)
        Self.appendPlain(event.name, limit: Self.nameLimit, to: &bytes)
        bytes.append(contentsOf: " [".utf8)
        bytes.append(contentsOf: structureName)
        appendValues(event, limit: start + maximumSize - Self.reserve, to: &bytes)
        bytes.append(contentsOf: "] ".utf8)
        Self.appendMessage(event.name, to: &bytes)
    }

    /// For the longest message, the end of the structure, and `values_omitted`.
    private static let reserve = messageLimit + 40
    private static let messageLimit = 200
    private static let nameLimit = 32

    private static func appendMessage(_ name: String, to bytes: inout [UInt8]) {
        let start = bytes.count
        ConsoleText.appendVisible(name, to: &bytes)
        guard bytes.count > start + messageLimit else { return }
        // A character is not cut in two.
        var end = start + messageLimit
        while end > start, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        bytes.removeSubrange(end...)
    }

    private func appendValues(_ event: LogEvent, limit: Int, to bytes: inout [UInt8]) {
        var omitted = 0
        append("logger", .string(event.logger), limit, &omitted, to: &bytes)
        for field in event.fields { append(field.name, field.value, limit, &omitted, to: &bytes) }
        if omitted > 0 { Self.append("values_omitted", .int(omitted), to: &bytes) }
    }

    /// Appends a value, and takes it back where it is too much.
    private func append(
        _ name: String, _ value: LogDatum, _ limit: Int, _ omitted: inout Int, to bytes: inout [UInt8]
    ) {
        let end = bytes.count
        Self.append(name, value, to: &bytes)
        guard bytes.count > limit else { return }
        bytes.removeSubrange(end...)
        omitted += 1
    }

    private static func append(_ name: String, _ value: LogDatum, to bytes: inout [UInt8]) {
        bytes.append(0x20)
        appendName(name, to: &bytes)
        bytes.append(contentsOf: "=\"".utf8)
        let start = bytes.count
        switch value {
        case .string(let string): ConsoleText.appendVisible(string, to: &bytes)
        case .list:
            ConsoleText.appendVisible(String(decoding: JSONLinesRenderer.text(of: value), as: UTF8.self), to: &bytes)
        default: value.appendPlain(to: &bytes)
        }
        escape(&bytes, from: start)
        bytes.append(0x22)
    }

    /// RFC 5424 §6.3.3: these three are escaped, and nothing else by the RFC.
    private static func escape(_ bytes: inout [UInt8], from start: Int) {
        let isSpecial = { (byte: UInt8) in byte == 0x22 || byte == 0x5C || byte == 0x5D }
        guard let first = bytes[start...].firstIndex(where: isSpecial) else { return }
        let rest: [UInt8] = bytes[first...].flatMap { isSpecial($0) ? [0x5C, $0] : [$0] }
        bytes.replaceSubrange(first..., with: rest)
    }

    /// An SD-NAME: 1 to 32 printing characters of ASCII, without `=`, `]` and `"`.
    private static func appendName(_ name: String, to bytes: inout [UInt8]) {
        let start = bytes.count
        appendPlain(name, limit: nameLimit, to: &bytes)
        for place in start..<bytes.count where bytes[place] == 0x3D || bytes[place] == 0x5D || bytes[place] == 0x22 {
            bytes[place] = 0x5F
        }
    }

    /// Printing characters of ASCII, others as `_`; `-` for none.
    private static func appendPlain(_ text: String, limit: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        for byte in text.utf8.prefix(limit) { bytes.append(byte > 0x20 && byte < 0x7F ? byte : 0x5F) }
        if bytes.count == start { bytes.append(0x2D) }
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
