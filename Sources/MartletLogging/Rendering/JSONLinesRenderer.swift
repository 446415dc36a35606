internal import MartletJSON

/// Lines for machines: one JSON object for each event.
///
/// ```text
/// {"timestamp":"2026-01-01T12:00:00.000000Z","level":"info","event":"post_published","logger":"blog","post_id":7}
/// ```
///
/// Numbers that JSON cannot say are text: `"nan"`. What is not ASCII is escaped, as structlog does: a terminal that shows
/// such a line meets no control character of any range.
public struct JSONLinesRenderer: LogRenderer {
    /// Makes a renderer.
    public init() {}

    /// Appends one line.
    public func render(_ event: LogEvent, to bytes: inout [UInt8]) {
        var line = bytes
        bytes = []
        line.append(contentsOf: #"{"timestamp":""#.utf8)
        CalendarTime(microsecondsSince1970: event.microseconds).appendISO8601(to: &line, fraction: .always)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: event.level.description.utf8)
        line.append(contentsOf: #"","event":"#.utf8)
        var writer = JSONWriter(appendingTo: line, asciiOnly: true)
        line = []
        writer.string(event.name)
        writer.name("logger")
        writer.string(event.logger)
        for field in event.fields {
            writer.name(field.name)
            Self.write(field.value, to: &writer)
        }
        writer.endObject()
        writer.bytes.append(0x0A)
        bytes = writer.bytes
    }

    /// A value by itself, as JSON.
    static func text(of datum: LogDatum) -> [UInt8] {
        var writer = JSONWriter(appendingTo: [], asciiOnly: false)
        write(datum, to: &writer)
        return writer.bytes
    }

    private static func write(_ datum: LogDatum, to writer: inout JSONWriter) {
        switch datum {
        case .none: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let number): writer.integer(number)
        case .uint(let number): writer.integer(number)
        case .double(let number):
            do { try writer.double(number) } catch { writer.string(number.description) }
        case .string(let text): writer.string(text)
        case .list(let values):
            writer.beginArray()
            for value in values { write(value, to: &writer) }
            writer.endArray()
        case .moment, .uuid, .redacted:
            var text: [UInt8] = []
            datum.appendPlain(to: &text)
            writer.plainString(text)
        }
    }
}
