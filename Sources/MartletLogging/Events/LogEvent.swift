public import FoundationEssentials

/// One thing that happened: a name, not prose, with values beside it.
public struct LogEvent: Sendable, Hashable {
    /// When it happened, in microseconds since 1970-01-01 UTC.
    public let microseconds: Int

    /// How much it matters.
    public let level: LogLevel

    /// What happened: `post_published`.
    public let name: String

    /// The name of the logger: `blog.views`.
    public let logger: String

    /// What was bound for the task, then the values of the event. A value takes the place of a bound one of the same
    /// name; secrets are redacted already.
    public let fields: [LogField]

    /// Makes an event.
    public init(microseconds: Int, level: LogLevel, name: String, logger: String, fields: [LogField]) {
        self.microseconds = microseconds
        self.level = level
        self.name = name
        self.logger = logger
        self.fields = fields
    }

    /// When it happened.
    public var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }

    /// The value of a field; `nil` where there is none.
    public subscript(name: String) -> LogDatum? { fields.first { $0.name == name }?.value }
}

/// A value with its name.
public struct LogField: Sendable, Hashable {
    /// The name: `post_id`.
    public let name: String

    /// The value.
    public let value: LogDatum

    /// Makes a field. The value of a name that looks like a secret's is redacted, and a name that every line has
    /// (`timestamp`, `level`, `event`, `logger`) gets a `_` at its end.
    public init(_ name: String, _ value: LogDatum) {
        self.name = Self.isReserved(name) ? name + "_" : name
        self.value = SecretNames.matches(name) ? .redacted : value
    }

    private static func isReserved(_ name: String) -> Bool {
        switch name.utf8.count {
        case 5: name == "level" || name == "event"
        case 6: name == "logger"
        case 9: name == "timestamp"
        default: false
        }
    }
}

extension [LogField] {
    /// Adds a field, in the place of an earlier one of the same name.
    mutating func set(_ field: LogField) {
        if let place = firstIndex(where: { $0.name == field.name }) {
            self[place] = field
        } else {
            append(field)
        }
    }
}
