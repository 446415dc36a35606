internal import MartletJSON

/// Lines for people.
///
/// ```text
/// 2021-10-28T13:46:40.099007Z [debug] event_sent_to_kafka [posthog.api.capture] kafka_topic=default
/// ```
///
/// Text stands as it is where it is one word. Text that is empty, has a blank, a quote, `=`, a control character or a
/// character that turns the direction of writing stands in double quotes with the escapes of JSON, so that a value can
/// neither end its line nor look like another field. In the event's name only the dangerous characters are escaped.
public struct ConsoleRenderer: LogRenderer {
    /// Whether lines have colours.
    public let isColoured: Bool

    /// Makes a renderer.
    ///
    /// - Parameter isColoured: Whether to write the colours of a terminal (ECMA-48).
    public init(isColoured: Bool = false) { self.isColoured = isColoured }

    /// Appends one line.
    public func render(_ event: LogEvent, to bytes: inout [UInt8]) {
        colour(.dim, in: &bytes) { bytes in
            CalendarTime(microsecondsSince1970: event.microseconds).appendISO8601(to: &bytes, fraction: .always)
        }
        bytes.append(contentsOf: " [".utf8)
        colour(.level(event.level), in: &bytes) { $0.append(contentsOf: event.level.description.utf8) }
        bytes.append(contentsOf: "] ".utf8)
        colour(.bold, in: &bytes) { ConsoleText.appendProse(event.name, to: &$0) }
        bytes.append(contentsOf: " [".utf8)
        ConsoleText.appendWord(event.logger, to: &bytes)
        bytes.append(0x5D)
        for field in event.fields {
            bytes.append(0x20)
            colour(.name, in: &bytes) { ConsoleText.appendWord(field.name, to: &$0) }
            bytes.append(0x3D)
            field.value.appendConsole(to: &bytes)
        }
        bytes.append(0x0A)
    }

    private func colour(_ colour: Colour, in bytes: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        guard isColoured else { return body(&bytes) }
        bytes.append(contentsOf: "\u{1B}[\(colour.code)m".utf8)
        body(&bytes)
        bytes.append(contentsOf: "\u{1B}[0m".utf8)
    }

    private enum Colour {
        case dim, bold, name
        case level(LogLevel)

        var code: Int {
            switch self {
            case .dim: 2
            case .bold: 1
            case .name: 36
            case .level(.debug): 34
            case .level(.info): 32
            case .level(.warning): 33
            case .level(.error): 31
            case .level(.critical): 41
            }
        }
    }
}

extension LogDatum {
    /// Appends the value as lines for people have it.
    func appendConsole(to bytes: inout [UInt8]) {
        switch self {
        case .string(let text): ConsoleText.appendWord(text, to: &bytes)
        case .list(let values):
            bytes.append(0x5B)
            for (place, value) in values.enumerated() {
                if place > 0 { bytes.append(0x2C) }
                value.appendConsole(to: &bytes)
            }
            bytes.append(0x5D)
        default: appendPlain(to: &bytes)
        }
    }

    /// Appends a value that needs no quotes in any kind of line.
    func appendPlain(to bytes: inout [UInt8]) {
        switch self {
        case .none: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .int(let number): JSONNumber.append(number, to: &bytes)
        case .uint(let number): JSONNumber.append(number, to: &bytes)
        case .double(let number): bytes.append(contentsOf: number.description.utf8)
        case .moment(let microseconds):
            CalendarTime(microsecondsSince1970: microseconds).appendISO8601(to: &bytes, fraction: .always)
        case .uuid(let high, let low): Self.appendUUID(high, low, to: &bytes)
        case .redacted: bytes.append(contentsOf: "[redacted]".utf8)
        case .string, .list: appendConsole(to: &bytes)
        }
    }

    private static func appendUUID(_ high: UInt64, _ low: UInt64, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
            var end = 0
            for place in 0..<32 {
                if place == 8 || place == 12 || place == 16 || place == 20 {
                    text[end] = 0x2D
                    end += 1
                }
                let word = place < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (place & 15))) & 15
                text[end] = digit < 10 ? 0x30 + digit : 0x57 + digit
                end += 1
            }
            bytes.append(contentsOf: text)
        }
    }
}
