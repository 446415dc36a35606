/// The names that a template can use, with their values.
///
/// ```swift
/// try engine.render("blog/detail.html", ["post": post, "title": "Swifts", "count": 3])
/// ```
public struct TemplateContext: Sendable, ExpressibleByDictionaryLiteral {
    var values: [String: TemplateValue]

    /// A context of Swift values; see ``TemplateValue/init(_:)`` for what becomes of each.
    public init(_ values: [String: any Sendable] = [:]) {
        self.values = values.mapValues { TemplateValue($0) }
    }

    /// A context of Swift values; of two with one name the last counts.
    public init(dictionaryLiteral elements: (String, any Sendable)...) {
        values = [:]
        values.reserveCapacity(elements.count)
        for (name, value) in elements { values[name] = TemplateValue(value) }
    }

    /// The value called `name`, or nil.
    public subscript(name: String) -> TemplateValue? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// Gives `name` a value, replacing an earlier one.
    public mutating func set(_ name: String, _ value: any Sendable) {
        values[name] = TemplateValue(value)
    }

    /// Adds the values of `other`; where both have a name, those of `other` count.
    public mutating func merge(_ other: TemplateContext) {
        values.merge(other.values) { _, new in new }
    }

    /// Adds the values of `other` whose names are not taken, as a context processor does.
    public mutating func addDefaults(_ other: TemplateContext) {
        values.merge(other.values) { mine, _ in mine }
    }
}
