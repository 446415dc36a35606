/// Values that every event of a task and its children has.
public struct LogContext: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// The values, in order.
    public private(set) var fields: [LogField]

    /// Makes a context without values.
    public init() { fields = [] }

    /// Makes a context; of two values with one name the last counts.
    public init(dictionaryLiteral elements: (String, any LogValue)...) {
        fields = []
        for (name, value) in elements { fields.set(LogField(name, value.logDatum)) }
    }

    /// The value of a name.
    public subscript(name: String) -> LogDatum? { fields.first { $0.name == name }?.value }

    /// This context with the values of another, which count where both have a name.
    public func merging(_ other: LogContext) -> LogContext {
        var merged = self
        for field in other.fields { merged.fields.set(field) }
        return merged
    }

    /// The values of this context that an event does not have itself, then those of the event.
    func merged(with event: [LogField]) -> [LogField] {
        if fields.isEmpty { return event }
        var merged: [LogField] = []
        merged.reserveCapacity(fields.count + event.count)
        for field in fields where !event.contains(where: { $0.name == field.name }) { merged.append(field) }
        merged += event
        return merged
    }
}
