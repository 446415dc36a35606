internal import MartletJSON

/// Lines of `name=value` pairs, for collectors such as Loki and Heroku's.
///
/// ```text
/// timestamp=2026-01-01T12:00:00.000000Z level=info event=post_published logger=blog post_id=7 title="Two words"
/// ```
///
/// A value that is not one plain word stands in double quotes with the escapes of JSON; several values are the JSON of
/// their array. What has no place in a name is `_`.
///
/// Source: [logfmt](https://brandur.org/logfmt), and structlog's `LogfmtRenderer`.
public struct LogfmtRenderer: LogRenderer {
    /// Makes a renderer.
    public init() {}

    /// Appends one line.
    public func render(_ event: LogEvent, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "timestamp=".utf8)
        CalendarTime(microsecondsSince1970: event.microseconds).appendISO8601(to: &bytes, fraction: .always)
        bytes.append(contentsOf: " level=".utf8)
        bytes.append(contentsOf: event.level.description.utf8)
        bytes.append(contentsOf: " event=".utf8)
        ConsoleText.appendWord(event.name, to: &bytes)
        bytes.append(contentsOf: " logger=".utf8)
        ConsoleText.appendWord(event.logger, to: &bytes)
        for field in event.fields {
            bytes.append(0x20)
            Self.appendName(field.name, to: &bytes)
            bytes.append(0x3D)
            Self.append(field.value, to: &bytes)
        }
        bytes.append(0x0A)
    }

    /// Nothing stands for no value, as with structlog.
    private static func append(_ datum: LogDatum, to bytes: inout [UInt8]) {
        switch datum {
        case .none: return
        case .string(let text): ConsoleText.appendWord(text, to: &bytes)
        case .list:
            ConsoleText.appendWord(String(decoding: JSONLinesRenderer.text(of: datum), as: UTF8.self), to: &bytes)
        default: datum.appendPlain(to: &bytes)
        }
    }

    private static func appendName(_ name: String, to bytes: inout [UInt8]) {
        guard !name.isEmpty else { return bytes.append(0x5F) }
        if name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3D && $0 != 0x22 }) {
            return bytes.append(contentsOf: name.utf8)
        }
        for scalar in name.unicodeScalars {
            let isPlain = scalar.value > 0x20 && scalar != "=" && scalar != "\"" && !ConsoleText.isDangerous(scalar)
            bytes.append(contentsOf: isPlain ? Array(String(scalar).utf8) : [0x5F])
        }
    }
}
